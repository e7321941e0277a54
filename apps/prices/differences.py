"""Holds what a source says against what the catalog holds, and names each difference."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any, cast

from apps.catalog.price_lists import start_in_force
from apps.prices import host_names
from apps.prices.values import PriceList, Quote, Reading, Step, as_json, from_json

type Target = tuple[str, str, str]  # model, host, the host's id in lower case

OFFER, PRICE, STATUS = "offer", "price", "status"
# What a price is of the median of the other hosts, unless something is wrong with it.
_USUAL = (Decimal("0.5"), Decimal(2))
# Two conversions of one list differ by as much: other days, prices rounded to cents.
_CONVERSIONS_DIFFER = 0.15


@dataclass(frozen=True, slots=True)
class HeldOffer:
    """An offer as the catalog holds it; `lists` in the order of time, each with its start."""

    pk: int
    model: str
    host: str
    host_model_id: str
    status: str
    deprecated_on: date | None
    lists: tuple[PriceList, ...]
    # The day of the newest source of a price that is in force or past.
    read_on: date | None
    # What its prices are kept in, empty for dollars; `lists` is in dollars all the same.
    currency: str = ""

    @property
    def target(self) -> Target:
        """Return what names it, letter case aside."""
        return self.model, self.host, self.host_model_id.casefold()

    def list_on(self, day: date) -> PriceList | None:
        """Return the price list in force on a day."""
        spans = [(prices.starts, prices.until) for prices in self.lists if prices.starts]
        start = start_in_force(spans, day)
        return next((prices for prices in self.lists if start and prices.starts == start), None)


@dataclass(frozen=True, slots=True)
class Held:
    """What the catalog holds: offers by model, host and id, and models by their other names."""

    offers: Mapping[Target, HeldOffer]
    models: frozenset[str]
    aliases: Mapping[tuple[str, str], str]
    by_id: Mapping[tuple[str, str], tuple[HeldOffer, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Index the offers by host and id."""
        found: dict[tuple[str, str], tuple[HeldOffer, ...]] = {}
        for offer in self.offers.values():
            key = (offer.host, offer.host_model_id.casefold())
            found[key] = (*found.get(key, ()), offer)
        object.__setattr__(self, "by_id", found)


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says of one offer."""

    reading: Reading
    quote: Quote


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a source says otherwise than the catalog."""

    field: str
    target: Target
    said: Said
    held: HeldOffer | None
    old: object
    new: Mapping[str, object]
    starts: date
    announced: bool = False
    # The largest change of a known price; None where nothing was known, or the steps changed.
    change: float | None = None
    agrees: Reading | None = None
    caution: str = ""


def unknown_models(reading: Reading, held: Held) -> Iterable[str]:
    """Name the models that a source states and the catalog does not hold, each once."""
    stated = dict.fromkeys(quote.model for quote in reading.quotes if quote.model is not None)
    return (f"the catalog holds no model {slug!r}." for slug in stated if slug not in held.models)


def matched(reading: Reading, held: Held) -> dict[Target, Said]:
    """Return the quotes of models that the catalog knows.

    By exact host and id (letter case aside), by the alias table, or by the model that the source
    states; an id with a date at its end stands in only where the id without it is not quoted.
    """
    found: dict[Target, Said] = {}
    dated: list[tuple[Target, Said]] = []
    for quote in reading.quotes:
        for target in _targets(quote, reading.dataset, held):
            found.setdefault(target, Said(reading, quote))
        plain = host_names.without_date(quote.host_model_id)
        if plain != quote.host_model_id:
            same = held.by_id.get((quote.host, plain.casefold()), ())
            dated.extend((offer.target, Said(reading, quote)) for offer in same)
    for target, said in dated:
        if target not in found:
            found[target] = said
    return found


def _targets(quote: Quote, dataset: str, held: Held) -> Iterable[Target]:
    if quote.model is not None:
        return [(quote.model, *quote.key)] if quote.model in held.models else []
    id_ = quote.host_model_id.casefold()
    names = (quote.host, *host_names.ALSO.get(quote.host, ()))
    exact = [offer.target for name in names for offer in held.by_id.get((name, id_), ())]
    model = held.aliases.get((dataset, quote.raw_id))
    if exact or model is None:
        return exact
    known = [(model, host, id_) for host in names if (model, host, id_) in held.offers]
    return known or [(model, quote.host, id_)]


def differences(
    said: Sequence[Said], target: Target, held: Held, today: date, witnesses: Sequence[Said] = ()
) -> list[Difference]:
    """Return what the sources say of one offer otherwise than the catalog.

    Witnesses propose nothing; they may only agree.
    """
    offer = held.offers.get(target)
    if offer is None:
        return [_new_offer(said, witnesses, target, today)]
    found: list[Difference] = []
    everyone = (*said, *witnesses)
    for one in said:
        others = [other for other in everyone if other.reading.dataset != one.reading.dataset]
        found.extend(_prices(one, others, offer, today))
        status = _status(one, offer, today)
        if status:
            found.append(status)
    return _once(found)


def _once(found: Iterable[Difference]) -> list[Difference]:
    """Leave out what another source proposes already, as its agreement is told with it."""
    kept: list[Difference] = []
    for one in found:
        if not any(
            (one.field, one.announced, one.new) == (other.field, other.announced, other.new)
            for other in kept
        ):
            kept.append(one)
    return kept


def _new_offer(
    everyone: Sequence[Said], witnesses: Sequence[Said], target: Target, today: date
) -> Difference:
    """Return one new offer from all that is said of it.

    Where two sources agree the newer one is cited and the other named as agreeing; where they do
    not, the dearer price counts and the note tells of the other.
    """
    priced = sorted(
        (one for one in everyone if one.quote.lists),
        key=lambda one: one.reading.read_on,
        reverse=True,
    )
    chosen = priced[0] if priced else everyone[0]
    agrees, note, since = None, chosen.quote.note, chosen.reading.read_on
    agreeing: list[Said] = []
    for other in priced[1:]:
        if same_price(chosen.quote.lists[0].base, other.quote.lists[0].base):
            agrees, since = other.reading, min(since, other.reading.read_on)
            agreeing.append(other)
            continue
        if _total(other) > _total(chosen):
            chosen, other, agrees, agreeing = other, chosen, None, []
            since = chosen.reading.read_on
        note = f"{other.reading.title}: {_dollars(other.quote.lists[0].base)}."
    quote = chosen.quote
    for other in witnesses:
        if quote.lists and agrees is None and other.quote.lists:
            same = same_price(quote.lists[0].base, other.quote.lists[0].base)
            agrees = other.reading if same else None
    ends = next((o.quote.deprecated_on for o in everyone if o.quote.deprecated_on), None)
    stated = {o.quote.status for o in everyone} - {None}
    told = tuple(_completed(one, agreeing, today) for one in quote.lists)
    lists = [{"starts": (one.starts or since).isoformat()} | as_json(one) for one in told]
    new = {
        "host": {
            "slug": quote.host,
            "name": quote.host_name or quote.host,
            "router": any(o.quote.is_router for o in everyone) or host_names.is_router(quote.host),
        },
        "id": quote.host_model_id,
        "context": quote.context,
        "status": _life(ends, stated, today),
        "deprecated_on": ends.isoformat() if ends else None,
        "note": note,
        "lists": lists,
    }
    return Difference(OFFER, target, chosen, None, None, new, since, agrees=agrees)


def _completed(prices: PriceList, agreeing: Iterable[Said], today: date) -> PriceList:
    """Add what only a source that agrees on input and output states, such as the cached price."""
    if prices.starts is not None and prices.starts > today:
        return prices
    base = prices.base
    for other in agreeing:
        base = _filled(base, other.quote.lists[0].base)
    return replace(prices, steps=(base, *prices.steps[1:]))


def _life(ends: date | None, stated: Iterable[str | None], today: date) -> str:
    if ends is not None:
        return "ended" if ends <= today else "active"
    words = set(stated)
    return next((w for w in ("deprecated", "preview", "active") if w in words), "unknown")


def _total(said: Said) -> Decimal:
    base = said.quote.lists[0].base
    return (base.input or Decimal(0)) + (base.output or Decimal(0))


def _dollars(step: Step) -> str:
    prices = (step.input, step.output)
    return " in, ".join("unknown" if p is None else f"${p.normalize():f}" for p in prices) + " out"


def same_price(one: Step, other: Step) -> bool:
    """Tell whether two prices are the same where both are known, input and output at least."""
    if one.input != other.input or one.output != other.output or one.input is None:
        return False
    return one.cached is None or other.cached is None or one.cached == other.cached


def _prices(
    one: Said, others: Sequence[Said], offer: HeldOffer, today: date
) -> Iterable[Difference]:
    present = offer.list_on(today)
    for prices in one.quote.lists:
        announced = prices.starts is not None and prices.starts > today
        if announced:
            held = next((p for p in offer.lists if p.starts == prices.starts), None)
            starts = prices.starts or today
        else:
            held = present
            starts = _starts(prices, one.reading, held)
            # What is older than the price that is held says nothing new.
            if held and offer.read_on and one.reading.read_on < offer.read_on:
                continue
        if held and same_list(prices, held, one.reading.tells_steps):
            continue
        if offer.currency and held and _is_conversion(prices, held):
            continue
        new = _merged(prices, held, one.reading.tells_steps)
        if held and held.starts and fills(new, held):
            starts = held.starts
        before = held or present
        agreeing = next((o for o in others if _agrees(o, new, before, announced, today)), None)
        yield Difference(
            field=PRICE,
            target=offer.target,
            said=one,
            held=offer,
            old=as_json(before) if before else None,
            new=as_json(new),
            starts=starts,
            announced=announced,
            change=change(new, before) if before else None,
            agrees=agreeing.reading if agreeing else None,
            caution=" ".join(filter(None, (_caution(new, before, one.reading), _by_hand(offer)))),
        )


def _is_conversion(prices: PriceList, held: PriceList) -> bool:
    """Tell whether a price in dollars may be the held one of another currency, converted."""
    differs = change(prices, held)
    return differs is not None and differs <= _CONVERSIONS_DIFFER


def _by_hand(offer: HeldOffer) -> str:
    return f"The list is kept in {offer.currency}: enter its price by hand." * bool(offer.currency)


def _starts(prices: PriceList, reading: Reading, held: PriceList | None) -> date:
    """Return from when a price counts: as stated, else from the day that the source was read."""
    after = held.starts if held and held.starts else date.min
    if prices.starts and prices.starts > after:
        return prices.starts
    return max(reading.read_on, after)


def same_list(prices: PriceList, held: PriceList, tells_steps: bool) -> bool:
    """Tell whether all that a source states of a price list is what the catalog holds."""
    steps = {step.above: step for step in held.steps}
    if tells_steps and {step.above for step in prices.steps} != set(steps):
        return False
    return all(
        getattr(steps.get(step.above, Step()), name) == price
        for step in prices.steps
        for name, price in step.stated().items()
    )


def fills(new: PriceList, held: PriceList) -> bool:
    """Tell whether a list only adds what was unknown."""
    steps = {step.above: step for step in new.steps}
    return set(steps) == {step.above for step in held.steps} and all(
        getattr(steps[step.above], name) == price
        for step in held.steps
        for name, price in step.stated().items()
    )


def _merged(prices: PriceList, held: PriceList | None, tells_steps: bool) -> PriceList:
    """Keep what the source is silent about, unless the price itself has changed."""
    base = prices.base
    if held is None or (base.input, base.output) != (held.base.input, held.base.output):
        return prices
    said = {step.above: step for step in prices.steps}
    rows = [
        _filled(said[step.above], step) if step.above in said else step
        for step in held.steps
        if step.above in said or not tells_steps
    ]
    added = [step for above, step in said.items() if above not in {s.above for s in held.steps}]
    steps = tuple(sorted((*rows, *added), key=lambda step: step.above))
    return replace(prices, steps=steps, note=held.note or prices.note)


def _filled(step: Step, held: Step) -> Step:
    """Add to a step what only the other one knows."""
    return Step(step.above, **(held.stated() | step.stated()))


def change(new: PriceList, held: PriceList) -> float | None:
    """Return the largest relative change of a known price; None where the steps are others."""
    steps = {step.above: step for step in held.steps}
    if {step.above for step in new.steps} != set(steps):
        return None
    found = [
        abs(float(price / old) - 1)
        for step in new.steps
        for name, price in step.stated().items()
        if (old := getattr(steps[step.above], name))
    ]
    # Decimals as they are written: 0.2 to 0.14 is 30 %, not a hair more.
    return round(max(found), 9) if found else None


def _agrees(
    other: Said, new: PriceList, held: PriceList | None, announced: bool, today: date
) -> bool:
    if announced:
        same_day = [p for p in other.quote.lists if p.starts and p.starts > today]
        return any(same_list(p, new, True) and p.starts == new.starts for p in same_day)
    present = [p for p in other.quote.lists if p.starts is None or p.starts <= today]
    if not present or not same_price(new.base, present[0].base):
        return False
    # A source that is silent about steps cannot agree to a change of them.
    held_steps = held.steps[1:] if held else ()
    return new.steps[1:] == held_steps or new.steps[1:] == present[0].steps[1:]


def _caution(new: PriceList, held: PriceList | None, reading: Reading) -> str:
    if held and len(held.steps) > len(new.steps) and not reading.tells_steps:
        return "The source is silent about prices for long prompts: add them by hand."
    return ""


def warned(one: Difference, hosts: Iterable[HeldOffer], today: date) -> Difference:
    """Return a difference with what is strange about its price, so that an editor looks at it."""
    told = [] if one.field == STATUS else [*strange(_new_steps(one), one.target, hosts, today)]
    return replace(one, caution=" ".join(filter(None, dict.fromkeys((one.caution, *told)))))


def _new_steps(one: Difference) -> Iterable[Step]:
    lists = one.new["lists"] if one.field == OFFER else [one.new]
    found = (from_json(prices, one.starts) for prices in cast("list[Any]", lists))
    return [step for prices in found for step in prices.steps]


def strange(
    steps: Iterable[Step], target: Target, hosts: Iterable[HeldOffer], today: date
) -> Iterable[str]:
    """Say of prices what hosts seldom ask: for the output less than for the input, and the like."""
    lists = [found for o in hosts if o.target != target and (found := o.list_on(today)) is not None]
    for step in steps:
        others = [prices.at(step.above) for prices in lists]
        for told in (*_strange_among_themselves(step), *_strange_beside(step, others)):
            yield f"For prompts above {step.above:,} tokens: {told}" if step.above else told


def _strange_among_themselves(step: Step) -> Iterable[str]:
    if step.input and step.output and step.output < step.input:
        yield "The output is cheaper than the input."
    if step.input and step.cached and step.cached > step.input:
        yield "Cached input is dearer than input."


def _strange_beside(step: Step, others: Sequence[Step]) -> Iterable[str]:
    for name in ("input", "output"):
        asked = [price for other in others if (price := getattr(other, name))]
        new = getattr(step, name)
        if not new or not asked:
            continue
        usual = median(asked)
        if not _USUAL[0] <= new / usual <= _USUAL[1]:
            yield f"The {name} is {new / usual:.2g}× the median of the other hosts."


def _status(one: Said, offer: HeldOffer, today: date) -> Difference | None:
    quote = one.quote
    ends = quote.deprecated_on or offer.deprecated_on
    status = offer.status
    if quote.deprecated_on and quote.deprecated_on <= today:
        status = "ended"
    elif quote.status == "deprecated" and offer.status != "ended":
        status = "deprecated"
    if (status, ends) == (offer.status, offer.deprecated_on):
        return None
    return Difference(
        field=STATUS,
        target=offer.target,
        said=one,
        held=offer,
        old=_status_json(offer.status, offer.deprecated_on),
        new=_status_json(status, ends),
        starts=one.reading.read_on,
    )


def _status_json(status: str, ends: date | None) -> dict[str, object]:
    return {"status": status, "deprecated_on": ends.isoformat() if ends else None}
