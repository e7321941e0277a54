"""Two to four models side by side."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from apps.catalog.models import Model
from apps.catalog.pages.labels import OPENNESS, RIGHTS, Badge, stale_badge, status_word, yes_no
from apps.catalog.price_lists import HostPrice
from apps.catalog.snapshot import Entry, Snapshot
from apps.common.format import UNKNOWN, count, day, params, usd
from apps.decision.address import cleaned
from apps.money.market import Rights

FEWEST, MOST = 2, 4
# Of more than these no choice is offered: somebody is only trying.
_CHOICES = 12
PICK, DIFFERENCES = "m", "differences"


@dataclass(frozen=True, slots=True)
class Head:
    """A model at the head of its column, with the comparison without it where it can go."""

    name: str
    url: str
    provider: str
    group: str
    stale: Badge | None
    remove_url: str


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A fact of each model; None means unknown."""

    label: str
    values: tuple[str | None, ...]
    differs: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that was asked for and can be compared."""

    slug: str
    name: str
    is_ticked: bool


@dataclass(frozen=True)
class ComparePage:
    """The comparison, or what is wrong with what was asked for and what is left of it."""

    problem: str
    choices: tuple[Choice, ...]
    heads: tuple[Head, ...]
    rows: tuple[ComparisonRow, ...]
    only_differences: bool
    hidden: int
    all_url: str
    differences_url: str
    list_url: str


@dataclass(frozen=True, slots=True)
class Picked:
    """The slugs that were picked, each once, and what is wrong with them; empty if nothing is."""

    slugs: tuple[str, ...]
    problem: str


def pick(given: Iterable[str], known: Container[str]) -> Picked:
    """Read the slugs; all must be of the catalog, two to four of them."""
    slugs = cleaned(slug.lower() for slug in given)
    missing = [slug[:60] for slug in slugs if slug not in known]
    if missing:
        names = ", ".join(f"“{slug}”" for slug in missing[:MOST])
        return Picked(slugs, f"The catalog holds no model {names}.")
    if len(slugs) < FEWEST:
        given_words = "none was given" if not slugs else "only one was given"
        return Picked(slugs, f"A comparison needs {FEWEST} to {MOST} models; {given_words}.")
    if len(slugs) > MOST:
        return Picked(slugs, f"A comparison takes at most {MOST} models; {len(slugs)} were given.")
    return Picked(slugs, "")


def compare_page(
    picked: Picked,
    every: Mapping[str, Entry],
    scores: Iterable[Model],
    only: bool,
    snapshot: Snapshot,
) -> ComparePage:
    """Return the comparison of models of a day, in the order in which they were picked."""
    entries = [every[slug] for slug in picked.slugs if slug in every]
    if picked.problem:
        left = tuple(_choices(entries[:_CHOICES])) if len(entries) >= FEWEST else ()
        return ComparePage(picked.problem, left, (), (), False, 0, "", "", reverse("catalog:list"))
    rows = [*_facts(entries, every, dict(snapshot.modalities)), *_scores(entries, scores)]
    shown = [row for row in rows if row.differs] if only else rows
    return ComparePage(
        problem="",
        choices=(),
        heads=tuple(_head(entry, picked.slugs, only, snapshot.day) for entry in entries),
        rows=tuple(shown),
        only_differences=only,
        hidden=len(rows) - len(shown),
        all_url=address(picked.slugs, only=False),
        differences_url=address(picked.slugs, only=True),
        list_url=reverse("catalog:list"),
    )


def _choices(entries: Sequence[Entry]) -> Iterable[Choice]:
    """Yield what can be compared, as many ticked as fit."""
    for place, entry in enumerate(entries):
        yield Choice(entry.slug, entry.name, place < MOST)


def address(slugs: Iterable[str], *, only: bool) -> str:
    """Return the address of a comparison."""
    pairs = [(PICK, slug) for slug in slugs] + ([(DIFFERENCES, "1")] if only else [])
    return f"{reverse('catalog:compare')}?{urlencode(pairs)}"


def _head(entry: Entry, slugs: Sequence[str], only: bool, today: date) -> Head:
    rest = [slug for slug in slugs if slug != entry.slug]
    return Head(
        name=entry.name,
        url=reverse("catalog:detail", args=[entry.slug]),
        provider=entry.provider,
        group=OPENNESS[entry.openness].group,
        stale=stale_badge(entry.checked_on, today),
        remove_url=address(rest, only=only) if len(rest) >= FEWEST else "",
    )


def _row(label: str, values: Iterable[str | None], is_number: bool = False) -> ComparisonRow:
    known = tuple(None if value in {UNKNOWN, ""} else value for value in values)
    # Two unknown facts are not the same fact: nobody knows whether they differ.
    differs = len(set(known)) > 1
    return ComparisonRow(label, known, differs, is_number)


def _facts(
    entries: Sequence[Entry], every: Mapping[str, Entry], modalities: Mapping[str, str]
) -> list[ComparisonRow]:
    def names(slugs: Iterable[str]) -> str:
        return ", ".join(modalities[slug] for slug in slugs)

    return [
        _row("Openness", (OPENNESS[e.openness].label for e in entries)),
        _row("Use in a business", (_rights(e) for e in entries)),
        _row("Licence", (e.license for e in entries)),
        _row("Clauses that matter", (e.clause or _no_clause(e) for e in entries)),
        _row("Status", (status_word(e.status).text for e in entries)),
        _row("Shutdown", (day(e.retirement_date) for e in entries)),
        _row("Replaced by", (every[e.successor].name if e.successor else None for e in entries)),
        _row("Released", (day(e.released) for e in entries)),
        _row("Knowledge cutoff", (e.knowledge_cutoff for e in entries)),
        _row("Context, tokens", (count(e.context_tokens) for e in entries), True),
        _row("Longest output, tokens", (count(e.max_output_tokens) for e in entries), True),
        _row("Parameters", (params(e.params_b) for e in entries), True),
        _row("Active parameters", (params(e.active_b) for e in entries), True),
        _row("Memory as served, GB", (count(e.need_gb) for e in entries), True),
        _row("Reads", (names(e.reads) for e in entries)),
        _row("Writes", (names(e.writes) for e in entries)),
        _row("Calls tools", (yes_no(e.tools) for e in entries)),
        _row("Structured output", (yes_no(e.structured_output) for e in entries)),
        _row("Reasons before it answers", (yes_no(e.reasoning) for e in entries)),
        _row(
            "Input, a million tokens",
            (usd(e.input_usd) for e in entries),
            True,
        ),
        _row(
            "Output, a million tokens",
            (usd(e.output_usd) for e in entries),
            True,
        ),
        _row("At", (_seller(e.price) for e in entries)),
        _row("Hosts", (str(e.hosts) for e in entries), True),
        _row("Last checked", (day(e.checked_on) for e in entries)),
    ]


def _seller(price: HostPrice | None) -> str | None:
    if price is None:
        return None
    return f"{price.host}, a router or reseller" if price.is_router else price.host


def _rights(entry: Entry) -> str | None:
    return None if entry.rights == Rights.UNKNOWN else RIGHTS[entry.rights].choice


def _no_clause(entry: Entry) -> str | None:
    return "None" if entry.rights == "free" else None


def _scores(entries: Sequence[Entry], models: Iterable[Model]) -> list[ComparisonRow]:
    """Return a row for each benchmark, version and variant that two of the models share."""
    values_of: dict[str, dict[str, str]] = {}
    for model in models:
        for score in model.scores.all():
            parts = (score.benchmark.name, score.version, score.variant, score.benchmark.unit)
            label = ", ".join(part for part in parts if part)
            values_of.setdefault(label, {})[model.slug] = f"{score.value:g}"
    return [
        _row(label, (values.get(e.slug) for e in entries), True)
        for label, values in sorted(values_of.items())
        if len(values) > 1
    ]
