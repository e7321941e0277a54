"""Every model as the list, its filters and the exports see it: compiled once a version and day.

What a reader filters by (the lowest price in force, hosts, memory) follows from rows and from the
day. It is computed here from the rows and never stored, so that it cannot differ from them.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from apps.catalog.models import (
    Alias,
    CatalogVersion,
    Gpu,
    HostFact,
    Modality,
    Model,
    Offer,
    Price,
    Score,
)
from apps.catalog.models.hosts import FactKind, is_kept
from apps.catalog.models.offers import first_end
from apps.catalog.price_lists import HostPrice, can_be_had, in_usd, lowest, price_on
from apps.catalog.sizing import (
    SMALL_BITS,
    ModelSize,
    known_architectures,
    listed_need_gb,
    size_need_gb,
)
from apps.money.cache import Latest
from apps.money.market import Rights


@dataclass(frozen=True, slots=True)
class Entry:
    """One model on a day; None and '' mean unknown."""

    pk: int
    slug: str
    name: str
    provider_slug: str
    provider: str
    openness: str
    license: str
    rights: str
    clause: str
    context_tokens: int | None
    max_output_tokens: int | None
    params_b: float | None
    active_b: float | None
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    tools: bool | None
    structured_output: bool | None
    reasoning: bool | None
    released: date | None
    knowledge_cutoff: str
    status: str
    retirement_date: date | None
    successor: str
    hf_repo: str
    served_bits: float | None
    need_gb: float | None
    # With weights of at most four bits, whatever it is served at.
    small_need_gb: float | None
    price: HostPrice | None
    hosts: int
    # What its hosts promise: for each different set of promises their bits together.
    promises: tuple[int, ...]
    checked_on: date
    # What a search looks through: names, then the ids that data sets, hosts and benchmarks give
    # it; letters and digits alone, a line each.
    letters: str

    @property
    def input_usd(self) -> float | None:
        """Return the lowest input price."""
        return self.price.input if self.price else None

    @property
    def output_usd(self) -> float | None:
        """Return the output price at the host of the lowest price."""
        return self.price.output if self.price else None


@dataclass(frozen=True, slots=True)
class Accelerator:
    """A GPU that a model may fit on."""

    slug: str
    name: str
    vram_gb: float


_BITS = {fact.value: 1 << place for place, fact in enumerate(FactKind)}
_EU, _US = _BITS[FactKind.EU_REGION], _BITS[FactKind.US_REGION]
# An offer of one region keeps what its host can promise there, and not elsewhere.
_OF_REGION = {Offer.Region.EU.value: _EU, Offer.Region.US.value: _US}


def bits(promises: Iterable[str]) -> int:
    """Return promises as the bits of one number."""
    return sum({_BITS[promise] for promise in promises})


def keeps_all(kept: int, asked: int) -> bool:
    """Tell whether all promises that are asked for are among those that are kept."""
    return kept & asked == asked


# Compared by identity: two snapshots of ten thousand rows are not compared row by row.
@dataclass(frozen=True, eq=False)
class Snapshot:
    """All models of one version of the catalog on one day.

    `read_on` is the newest day on which anything of it was read; None while there is nothing.
    """

    version: str
    day: date
    read_on: date | None
    entries: tuple[Entry, ...]
    gpus: tuple[Accelerator, ...]
    modalities: tuple[tuple[str, str], ...]


# Of sixty models about 0.1 MB; of ten thousand about 20.
_MOST_BYTES = 20_000_000
_snapshots: Latest[date, Snapshot] = Latest(_MOST_BYTES)


def current_snapshot(day: date, *, may_be_old: bool = True) -> Snapshot:
    """Return the models of a day; compiled when a row has changed, else one query."""
    version = CatalogVersion.current()
    return _snapshots.get(
        day, version, lambda: compile_snapshot(version, day), may_be_old=may_be_old
    )


def compile_snapshot(version: str, day: date) -> Snapshot:
    """Read all rows with a fixed number of queries."""
    offered = _offers(day)
    reads = _links(Model.objects.modalities_read())
    writes = _links(Model.objects.modalities_written())
    ids = _ids()
    models = list(Model.objects.listed())
    known = known_architectures(models)
    entries = (
        _entry(
            model,
            day,
            size=ModelSize.of(model, known),
            reads=reads.get(model.pk, ()),
            writes=writes.get(model.pk, ()),
            ids=ids.get(model.pk, ()),
            offered=offered.get(model.pk, _Offered()),
        )
        for model in models
    )
    return Snapshot(
        version=version,
        day=day,
        read_on=last_read_on(),
        entries=tuple(entries),
        gpus=tuple(Accelerator(gpu.slug, gpu.name, gpu.vram_gb) for gpu in Gpu.objects.all()),
        modalities=tuple(Modality.objects.values_list("slug", "name")),
    )


def last_read_on() -> date | None:
    """Return the day of the newest check of a fact or reading of a price."""
    days = (Model.objects.last_checked_on(), Price.objects.last_read_on())
    return max((day for day in days if day is not None), default=None)


def _links(pairs: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    grouped: dict[int, tuple[str, ...]] = {}
    for key, value in pairs:
        grouped[key] = (*grouped.get(key, ()), value)
    return grouped


class _ListRow(NamedTuple):
    """A row of a price list."""

    valid_from: date
    valid_until: date | None
    above_tokens: int
    input: float | None
    output: float | None


@dataclass(slots=True)
class _Offered:
    """What a model is offered at: the prices, the hosts, and each set of promises among them."""

    prices: list[HostPrice | None] = field(default_factory=list)
    hosts: set[int] = field(default_factory=set)
    promises: set[int] = field(default_factory=set)


def _offers(day: date) -> dict[int, _Offered]:
    """Return how each model is offered on a day; what routers promise is not the hosts' word."""
    rows: dict[int, list[_ListRow]] = defaultdict(list)
    for offer, first, last, above, read, written, rate in Price.objects.as_values():
        rows[offer].append(_ListRow(first, last, above, in_usd(read, rate), in_usd(written, rate)))
    promises = _promises()
    found: dict[int, _Offered] = defaultdict(_Offered)
    values = Offer.objects.as_values()
    for pk, model, host, name, is_router, region, status, *ends, is_other in values:
        if is_other or not can_be_had(status, first_end(*ends), day):
            continue
        offered = found[model]
        if not is_router:
            offered.hosts.add(host)
            offered.promises.add(_in_region(promises[host], region))
        offered.prices.append(price_on(name, is_router, rows[pk], day))
    return found


def _promises() -> dict[int, int]:
    """Return what each host promises and keeps, as bits."""
    kept: dict[int, int] = defaultdict(int)
    facts = HostFact.objects.order_by().values_list("host_id", "fact", "value", "grade")
    for host, fact, value, grade in facts:
        if is_kept(fact, value, grade):
            kept[host] |= _BITS[fact]
    return kept


def _in_region(kept: int, region: str) -> int:
    if not region:
        return kept
    return kept & ~(_EU | _US) | kept & _OF_REGION.get(region, 0)


def _ids() -> dict[int, dict[str, None]]:
    """Return each model's ids in data sets, at hosts and in benchmarks, each once."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for rows in (
        Alias.objects.order_by().values_list("model_id", "name"),
        Offer.objects.order_by().values_list("model_id", "host_model_id"),
        Score.objects.order_by().values_list("model_id", "variant"),
    ):
        for model, name in rows:
            found[model][name] = None
    return found


def letters(text: str) -> str:
    """Return letters and digits alone: GPT-4o, gpt4o, ＧＰＴ－４ｏ and “GPT 4o” are one name."""
    # A multiplication sign stands for the letter: 8×22b is 8x22b.
    plain = unicodedata.normalize("NFKC", text.replace("×", "x")).casefold()
    return "".join(filter(str.isalnum, plain))


def _entry(
    model: Model,
    day: date,
    *,
    size: ModelSize,
    reads: tuple[str, ...],
    writes: tuple[str, ...],
    ids: Iterable[str],
    offered: _Offered,
) -> Entry:
    license_ = model.license
    names = (model.name, model.slug, model.provider.name, model.article_label, model.hf_repo)
    return Entry(
        pk=model.pk,
        slug=model.slug,
        name=model.name,
        provider_slug=model.provider.slug,
        provider=model.provider.name,
        openness=model.openness,
        license=license_.name if license_ else "",
        rights=license_.rights if license_ else Rights.UNKNOWN.value,
        clause=license_.clause if license_ else "",
        context_tokens=model.context_tokens,
        max_output_tokens=model.max_output_tokens,
        params_b=model.params_total_b,
        active_b=model.params_active_b,
        reads=reads,
        writes=writes,
        tools=model.tools,
        structured_output=model.structured_output,
        reasoning=model.reasoning,
        released=model.release_date,
        knowledge_cutoff=model.knowledge_cutoff,
        status=model.status_on(day),
        retirement_date=model.retirement_date,
        successor=model.successor.slug if model.successor else "",
        hf_repo=model.hf_repo,
        served_bits=model.served_bits,
        need_gb=listed_need_gb(size),
        small_need_gb=size_need_gb(size, min(size.served_bits or SMALL_BITS, SMALL_BITS)),
        price=lowest(offered.prices),
        hosts=len(offered.hosts),
        promises=tuple(sorted(offered.promises)),
        checked_on=model.checked_on,
        letters="\n".join(filter(None, dict.fromkeys(map(letters, (*names, *ids))))),
    )
