"""The hosts: who serves models, what each promises, and what it serves at which price."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from apps.catalog.models import Host, HostFact, Offer
from apps.catalog.models.hosts import FactKind as Fact
from apps.catalog.models.hosts import is_kept
from apps.catalog.pages.labels import Badge, as_listed, stale_badge
from apps.catalog.price_lists import can_be_had, dollars, in_force
from apps.common.citing import SourceNote
from apps.common.countries import country_name
from apps.common.format import count

PROMISE = "promise"
# What the list shows of each host, and what it can be narrowed by.
SHOWN = (
    Fact.CONTRACT,
    Fact.NO_TRAINING,
    Fact.ZERO_RETENTION,
    Fact.SOC2,
    Fact.ISO27001,
    Fact.HIPAA,
    Fact.EU_REGION,
    Fact.US_REGION,
    Fact.OWN_CLOUD,
)
HEADINGS = {
    Fact.CONTRACT: "Contract",
    Fact.NO_TRAINING: "No training",
    Fact.ZERO_RETENTION: "Keeps nothing",
    Fact.SOC2: "SOC 2 II",
    Fact.ISO27001: "ISO 27001",
    Fact.HIPAA: "HIPAA",
    Fact.EU_REGION: "EU",
    Fact.US_REGION: "US",
    Fact.OWN_CLOUD: "Own cloud",
}
_WORDS = {
    "yes": "Yes",
    "partly": "Partly",
    "on-request": "On request",
    "no": "No",
    "aws": "AWS",
    "azure": "Azure",
    "google": "Google Cloud",
    "other-cloud": "Another cloud",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of one promise; an empty text means unknown."""

    text: str
    is_kept: bool
    is_unchecked: bool


@dataclass(frozen=True, slots=True)
class HostRow:
    """A host in the list."""

    name: str
    url: str
    country: str
    models: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A promise to ask for, with how many hosts keep it beside those that are ticked."""

    value: str
    label: str
    hosts: int
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class HostListPage:
    """The list of hosts, narrowed by what they promise."""

    sentence: str
    ticks: tuple[Tick, ...]
    headings: tuple[str, ...]
    rows: tuple[HostRow, ...]
    reset_url: str
    action_url: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact with who says so."""

    label: str
    value: str
    detail: str
    is_link: bool
    grade: str
    as_of: str
    stale: Badge | None
    source: SourceNote


@dataclass(frozen=True, slots=True)
class ServedRow:
    """A model that a host serves, with the base price in force; None means unknown."""

    model: str
    url: str
    host_model_id: str
    input: float | None
    output: float | None
    listed: str
    region: str
    read_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class HostPage:
    """The page of a host."""

    name: str
    kind: str
    note: str
    closed_on: date | None
    maker: str
    facts: tuple[FactRow, ...]
    unknown: tuple[str, ...]
    offers: tuple[ServedRow, ...]


def keeps(facts: Mapping[str, HostFact], fact: str) -> bool:
    """Tell whether a host keeps a promise, as far as somebody checked."""
    row = facts.get(fact)
    return row is not None and is_kept(row.fact, row.value, row.grade)


def list_page(
    hosts: Iterable[Host], models: Mapping[int, int], asked: Sequence[str]
) -> HostListPage:
    """Return the hosts that keep all that is asked for; `models` counts what each serves."""
    ticked = [fact for fact in SHOWN if fact.value in asked]
    serving = [(host, _by_fact(host)) for host in hosts if not host.is_router and host.facts.all()]
    found = [(host, facts) for host, facts in serving if all(keeps(facts, t) for t in ticked)]
    rows = tuple(
        HostRow(
            name=host.name,
            url=host.get_absolute_url(),
            country=_country(facts),
            models=models.get(host.pk, 0),
            cells=tuple(_cell(facts, fact) for fact in SHOWN),
        )
        for host, facts in found
    )
    return HostListPage(
        sentence=_sentence(len(found), len(serving), bool(ticked)),
        ticks=tuple(
            Tick(
                fact.value,
                str(fact.label),
                sum(keeps(facts, fact) for _, facts in found),
                fact in ticked,
            )
            for fact in SHOWN
        ),
        headings=tuple(HEADINGS[fact] for fact in SHOWN),
        rows=rows,
        reset_url=reverse("catalog:hosts") if ticked else "",
        action_url=reverse("catalog:hosts"),
    )


def list_url(*promises: str) -> str:
    """Return the list narrowed by promises."""
    query = urlencode([(PROMISE, promise) for promise in promises])
    return f"{reverse('catalog:hosts')}?{query}" if query else reverse("catalog:hosts")


def detail_page(host: Host, offers: Iterable[Offer], today: date) -> HostPage:
    """Return the page of a host that was loaded with its facts, and offers with their prices."""
    facts = _by_fact(host)
    return HostPage(
        name=host.name,
        kind=str(host.get_kind_display()),
        note=host.note,
        closed_on=host.closed_on,
        maker=host.provider.name if host.provider else "",
        facts=tuple(_fact_row(facts[fact.value], today) for fact in Fact if fact.value in facts),
        unknown=tuple(str(fact.label) for fact in Fact if fact.value not in facts),
        offers=tuple(_served(offer, today) for offer in offers if _is_standing(offer, today)),
    )


def _is_standing(offer: Offer, today: date) -> bool:
    return can_be_had(offer.status, offer.ends_on, today)


def _served(offer: Offer, today: date) -> ServedRow:
    rows = offer.prices.all()
    base = next((p for p in in_force(rows, today) if not p.above_tokens), None)
    notes = ["Other weights than the model’s own."] if offer.is_other_weights else []
    notes += ["A preview."] if offer.status == Offer.Status.PREVIEW else []
    notes += [base.note] if base is not None and base.note else []
    return ServedRow(
        model=offer.model.name,
        url=offer.model.get_absolute_url(),
        host_model_id=offer.host_model_id,
        input=dollars(base.input) if base else None,
        output=dollars(base.output) if base else None,
        listed=as_listed(rows[[*rows].index(base)]) if base else "",
        region=str(offer.get_region_display()),
        read_on=base.read_on if base else None,
        note=" ".join(notes),
    )


def _by_fact(host: Host) -> dict[str, HostFact]:
    return {row.fact: row for row in host.facts.all()}


def _country(facts: Mapping[str, HostFact]) -> str:
    row = facts.get(Fact.COUNTRY)
    return country_name(row.value) if row else ""


def _cell(facts: Mapping[str, HostFact], fact: str) -> Cell:
    row = facts.get(fact)
    if row is None:
        return Cell("", False, False)
    return Cell(_WORDS.get(row.value, row.value), keeps(facts, fact), not row.counts)


def _fact_row(row: HostFact, today: date) -> FactRow:
    value = country_name(row.value) if row.fact == Fact.COUNTRY else row.value
    return FactRow(
        label=str(row.get_fact_display()),
        value=_WORDS.get(value, value),
        detail=row.detail,
        is_link=row.fact == Fact.STATUS_PAGE,
        grade=str(row.get_grade_display()),
        as_of=row.as_of,
        stale=stale_badge(first_day(row.as_of), today),
        source=row.source.cited(),
    )


def first_day(partial: str) -> date:
    """Return the first day of a day, a month or a year that is written as 2026-09-28 or less."""
    year, month, day = (*partial.split("-"), "01", "01")[:3]
    return date(int(year), int(month), int(day))


def _sentence(found: int, serving: int, narrowed: bool) -> str:
    if not narrowed:
        return f"{count(serving)} hosts of which something is known."
    hosts = "host keeps" if found == 1 else "hosts keep"
    return f"{count(found)} of {count(serving)} {hosts} all of these promises."
