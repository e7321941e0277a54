"""The lowest price of a model over time, as steps for a table and as lines for a picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apps.catalog.models import Offer
from apps.catalog.price_lists import HostPrice, change_days, is_offered, lowest, price_on
from apps.common.format import day, usd
from apps.plots import Level, Series, Timeline, timeline

_SHORTEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class PriceStep:
    """The lowest price from a day on; None where none was known or it is no more."""

    start: date
    price: HostPrice | None
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class History:
    """The steps, the picture, and what they say in a sentence."""

    steps: tuple[PriceStep, ...]
    picture: Timeline | None
    # What the picture shows, for who does not see it.
    label: str
    sentence: str


def history(offers: Sequence[Offer], today: date) -> History | None:
    """Return the lowest price since it is known, announced changes among them; else None."""
    steps = _steps(offers, today)
    if not any(step.price for step in steps):
        return None
    end = _end(steps, today)
    label = f"Lowest price from {day(steps[0].start)} to {day(end)}; the table has the values"
    return History(tuple(steps), _picture(steps, end, today), label, _sentence(steps, today))


def _steps(offers: Sequence[Offer], today: date) -> list[PriceStep]:
    days = set[date]()
    for offer in offers:
        if offer.ends_on is not None:
            days.add(offer.ends_on)
        days |= change_days(offer.prices.all())
    steps: list[PriceStep] = []
    for start in sorted(days):
        price = lowest_on(offers, start, today)
        if price != (steps[-1].price if steps else None):
            steps.append(PriceStep(start, price, start > today))
    return steps


def lowest_on(offers: Sequence[Offer], day: date, today: date) -> HostPrice | None:
    """Return the lowest price of a day, of the offers that counted then."""
    return lowest(
        price_on(offer.host.name, offer.host.is_router, offer.prices.all(), day)
        for offer in offers
        if is_offered(offer, day, today)
    )


def _sentence(steps: Sequence[PriceStep], today: date) -> str:
    past = [step for step in steps if not step.is_ahead]
    ahead = [step for step in steps if step.is_ahead]
    first = past[0] if past else None
    parts = []
    if first is None:
        parts.append("No price is in force yet.")
    elif len(past) == 1:
        parts.append(f"{_money(first)}; no change since {day(first.start)} is known.")
    else:
        parts.append(
            f"On {day(first.start)} the lowest price was {_lower(first)}; "
            f"since {day(past[-1].start)} it is {_lower(past[-1])}."
        )
    parts += [f"On {day(step.start)} it becomes {_lower(step)}." for step in ahead]
    return " ".join(parts)


def _money(step: PriceStep) -> str:
    return f"The lowest price is {_lower(step)}"


def _lower(step: PriceStep) -> str:
    if step.price is None:
        return "unknown, for no offer with a known price is left"
    price = step.price
    return f"{usd(price.input)} input and {usd(price.output)} output at {price.host}"


def _end(steps: Sequence[PriceStep], today: date) -> date:
    first, last = steps[0].start, max(today, steps[-1].start)
    if last > today:
        # What is announced needs room to be seen.
        last += max((last - first) / 8, _SHORTEST)
    return max(last, first + _SHORTEST)


def _picture(steps: Sequence[PriceStep], end: date, today: date) -> Timeline | None:
    first = steps[0].start
    return timeline(
        (
            _series("output", steps, lambda price: price.output),
            _series("input", steps, lambda price: price.input),
        ),
        end=end.toordinal(),
        here=(max(first, today).toordinal(), "today"),
        y_title="US dollars a million tokens",
        x_text=lambda day: _short(date.fromordinal(round(day))),
        y_text=usd,
    )


def _series(name: str, steps: Sequence[PriceStep], dollars: Callable[[HostPrice], float]) -> Series:
    levels = [
        Level(step.start.toordinal(), dollars(step.price) if step.price else None, step.is_ahead)
        for step in steps
    ]
    last = next(level.value for level in reversed(levels) if level.value is not None)
    return Series(f"{name} {usd(last)}", name, tuple(levels))


def _short(moment: date) -> str:
    """Write a day so that two fit side by side on a phone."""
    number, month, year = day(moment).split()
    return f"{number} {month[:3]} {year}"
