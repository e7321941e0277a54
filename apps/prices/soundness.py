"""Refuses a source that is broken, half or absurd, before anything is taken from it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from statistics import median

from apps.catalog.price_lists import is_price
from apps.prices.differences import Held, HeldOffer, Said, Target
from apps.prices.values import PriceList, Reading, Step, UnsoundSourceError

# Of fewer prices than this, no share says anything.
ENOUGH = 10
# Up to this share of a source's prices may be odd without the source being so.
FEW_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a source may go.

    `band`: the largest relative change that is applied without an editor. `factor`: a price that
    many times the one held, or a part of it, makes the whole source absurd. `most`: no price is
    higher, in US dollars a million tokens. `least_share`: the least share of the last good copy's
    prices that a source must hold.
    """

    band: float
    factor: float
    most: float
    least_share: float


def check_size(count: int, before: int | None, limits: Limits, notes: Iterable[str] = ()) -> None:
    """Refuse a source with far fewer prices than its last good copy; `notes` may say why."""
    if not count:
        raise UnsoundSourceError(" ".join(("The source holds no prices.", *islice(notes, 3))))
    if before and before >= ENOUGH and count < limits.least_share * before:
        raise UnsoundSourceError(
            f"The source holds {count:,} prices, far fewer than the {before:,} of the last good "
            "copy: it may be half."
        )


def check_prices(reading: Reading, limits: Limits) -> None:
    """Refuse a source with a price that nobody asks."""
    for quote in reading.quotes:
        for step in _steps(quote.lists):
            for name, price in step.stated().items():
                if price > Decimal(str(limits.most)):
                    raise UnsoundSourceError(
                        f"{quote.raw_id}: ${price.normalize():f} a million tokens ({name}) is "
                        "absurd; the units may be others."
                    )


def odd_prices(
    said: Mapping[Target, Said], held: Held, today: date, limits: Limits
) -> dict[Target, str]:
    """Return the offers whose price is many times what is held, or a part of it, each with why.

    A few are for an editor to look at; many make the whole source absurd: its units may be others.
    """
    usual = _usual(held.offers.values(), today)
    found = {}
    for target, one in said.items():
        odd = next(_odd(target, one, held, usual, today, limits), None)
        if odd:
            found[target] = odd
    if len(found) > FEW_SHARE * len(said):
        raise UnsoundSourceError(next(iter(found.values())))
    return found


def _odd(
    target: Target,
    one: Said,
    held: Held,
    usual: Mapping[str, Step],
    today: date,
    limits: Limits,
) -> Iterator[str]:
    offer = held.offers.get(target)
    before = offer.list_on(today) if offer else None
    others = usual.get(target[0])
    known = before.steps if before else (others,) if others else ()
    held_steps = {step.above: step for step in known}
    than = "what is held" if before else "what others ask for the model"
    for step in _steps(one.quote.lists):
        held_step = held_steps.get(step.above)
        for name, new in step.stated().items():
            old = getattr(held_step, name, None)
            if old and not 1 / limits.factor <= float(new / old) <= limits.factor:
                yield (
                    f"{one.quote.raw_id}: ${new.normalize():f} a million tokens ({name}) "
                    f"against ${old.normalize():f}, {than}, is absurd."
                )


def _usual(offers: Iterable[HeldOffer], today: date) -> dict[str, Step]:
    found: dict[str, list[Step]] = {}
    for offer in offers:
        prices = offer.list_on(today)
        if prices and is_price(prices.base.input, prices.base.output):
            found.setdefault(offer.model, []).append(prices.base)
    return {
        model: Step(
            input=median(s.input for s in steps if s.input),
            output=median(s.output for s in steps if s.output),
        )
        for model, steps in found.items()
    }


def _steps(lists: Iterable[PriceList]) -> Iterable[Step]:
    return (step for prices in lists for step in prices.steps)
