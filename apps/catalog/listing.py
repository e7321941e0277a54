"""What the table of models shows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from apps.catalog.market import token_price
from apps.catalog.models import Model, Offer
from apps.catalog.words import OPENNESS, RIGHTS_SHORT, Badge, Openness, stale_badge, status_badge

# The cheapest host is found for this many input tokens to one output token.
_INPUT_TO_OUTPUT = 3


@dataclass(frozen=True, slots=True)
class LowestPrice:
    """The cheapest offer in US dollars a million tokens; a router's only where nobody else's."""

    host: str
    is_router: bool
    input: float
    output: float


@dataclass(frozen=True, slots=True)
class ListRow:
    """One model; None means unknown."""

    url: str
    name: str
    variant: str
    provider: str
    openness: Openness
    rights: str | None
    context_tokens: int | None
    params_b: float | None
    active_b: float | None
    price: LowestPrice | None
    hosts: int
    status: Badge
    stale: Badge | None
    released: date | None


@dataclass(frozen=True, slots=True)
class SortLink:
    """A way to order the table."""

    key: str
    label: str
    is_current: bool


@dataclass(frozen=True)
class ListPage:
    """The page of the table."""

    rows: tuple[ListRow, ...]
    sorts: tuple[SortLink, ...]
    sort: str
    current: int
    checked_on: date | None
    kinds: tuple[Openness, ...] = tuple(OPENNESS.values())


type _Key = Callable[[ListRow], tuple[bool, float]]


def _up(value: Callable[[ListRow], float | None]) -> _Key:
    """Sort small values first and unknown ones last."""

    def key(row: ListRow) -> tuple[bool, float]:
        found = value(row)
        return found is None, found or 0

    return key


def _down(value: Callable[[ListRow], float | None]) -> _Key:
    """Sort large values first and unknown ones last."""

    def key(row: ListRow) -> tuple[bool, float]:
        found = value(row)
        return found is None, -(found or 0)

    return key


_SORTS: dict[str, tuple[str, _Key | None]] = {
    "provider": ("provider", None),
    "newest": ("newest", _down(lambda row: row.released.toordinal() if row.released else None)),
    "context": ("longest context", _down(lambda row: row.context_tokens)),
    "parameters": ("most parameters", _down(lambda row: row.params_b)),
    "input": ("input price", _up(lambda row: row.price.input if row.price else None)),
    "output": ("output price", _up(lambda row: row.price.output if row.price else None)),
    "hosts": ("most hosts", _down(lambda row: row.hosts)),
}


def list_page(models: Iterable[Model], sort: str, today: date) -> ListPage:
    """Return the page; an order that does not exist becomes that by provider."""
    sort = sort if sort in _SORTS else "provider"
    found = list(models)
    rows = [_row(model, today) for model in found]
    key = _SORTS[sort][1]
    if key is not None:
        rows.sort(key=key)
    return ListPage(
        rows=tuple(rows),
        sorts=tuple(SortLink(k, label, k == sort) for k, (label, _) in _SORTS.items()),
        sort=sort,
        current=sum(model.status_on(today) == Model.Status.CURRENT for model in found),
        checked_on=max((model.checked_on for model in found), default=None),
    )


def _row(model: Model, today: date) -> ListRow:
    # What stands in brackets would make the table wider than most screens.
    name, _, variant = model.name.removesuffix(")").partition(" (")
    direct = {offer.host.slug for offer in model.offers_on_day if not offer.host.is_router}
    return ListRow(
        url=model.get_absolute_url(),
        name=name,
        variant=variant,
        provider=model.provider.name,
        openness=OPENNESS[model.openness],
        rights=RIGHTS_SHORT[model.license.rights] if model.license else None,
        context_tokens=model.context_tokens,
        params_b=model.params_total_b,
        active_b=model.params_active_b,
        price=lowest_price(model.offers_on_day),
        hosts=len(direct),
        status=status_badge(model, today),
        stale=stale_badge(model.checked_on, today),
        released=model.release_date,
    )


def lowest_price(offers: Iterable[Offer]) -> LowestPrice | None:
    """Return the cheapest known price; a router's counts only where no host states one."""
    known = []
    for offer in offers:
        found = token_price(offer.prices_in_force)
        if found is not None:
            price, _ = found
            known.append(
                LowestPrice(offer.host.name, offer.host.is_router, price.input, price.output)
            )
    return min(
        known,
        key=lambda p: (p.is_router, _INPUT_TO_OUTPUT * p.input + p.output, p.host),
        default=None,
    )
