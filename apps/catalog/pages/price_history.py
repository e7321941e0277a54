"""The lowest price of a model over time, as steps for a table and as lines for a picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from apps.catalog.models import Offer
from apps.catalog.price_lists import HostPrice, change_days, is_offered, lowest, price_on
from apps.common import format as text

# The lines lie between these, in per cent of the picture: above are words, below days.
_WIDTH, _TOP, _BOTTOM = 100.0, 12.0, 90.0
# Labels closer than this would cover each other, in per cent of the height.
_APART = 9.0
_SHORTEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Step:
    """The lowest price from a day on; None where none was known or it is no more."""

    start: date
    price: HostPrice | None
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line, in per cent of the picture."""

    x1: str
    y1: str
    x2: str
    y2: str
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One price over time, with its word at its end."""

    name: str
    label: str
    segments: tuple[Segment, ...]
    label_x: str
    label_y: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A value or a day on an axis."""

    place: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the picture draws."""

    lines: tuple[Line, ...]
    values: tuple[Tick, ...]
    first_day: str
    last_day: str
    today: str
    label: str
    right: str


@dataclass(frozen=True, slots=True)
class History:
    """The steps, the picture and what it shows in a sentence."""

    steps: tuple[Step, ...]
    picture: Picture
    sentence: str


def history(offers: Sequence[Offer], today: date) -> History | None:
    """Return the lowest price since it is known, announced changes among them; else None."""
    steps = _steps(offers, today)
    if not any(step.price for step in steps):
        return None
    return History(tuple(steps), _picture(steps, today), _sentence(steps, today))


def _steps(offers: Sequence[Offer], today: date) -> list[Step]:
    days = set[date]()
    for offer in offers:
        if offer.deprecated_on is not None:
            days.add(offer.deprecated_on)
        days |= change_days(offer.prices.all())
    steps: list[Step] = []
    for day in sorted(days):
        price = lowest_on(offers, day, today)
        if price != (steps[-1].price if steps else None):
            steps.append(Step(day, price, day > today))
    return steps


def lowest_on(offers: Sequence[Offer], day: date, today: date) -> HostPrice | None:
    """Return the lowest price of a day, of the offers that counted then."""
    return lowest(
        price_on(offer.host.name, offer.host.is_router, offer.prices.all(), day)
        for offer in offers
        if is_offered(offer.status, offer.deprecated_on, day, today)
    )


def _sentence(steps: Sequence[Step], today: date) -> str:
    past = [step for step in steps if not step.is_ahead]
    ahead = [step for step in steps if step.is_ahead]
    first = past[0] if past else None
    parts = []
    if first is None:
        parts.append("No price is in force yet.")
    elif len(past) == 1:
        parts.append(f"{_money(first)}; no change since {text.day(first.start)} is known.")
    else:
        parts.append(
            f"On {text.day(first.start)} the lowest price was {_lower(first)}; "
            f"since {text.day(past[-1].start)} it is {_lower(past[-1])}."
        )
    parts += [f"On {text.day(step.start)} it becomes {_lower(step)}." for step in ahead]
    return " ".join(parts)


def _money(step: Step) -> str:
    return f"The lowest price is {_lower(step)}"


def _lower(step: Step) -> str:
    if step.price is None:
        return "unknown, for no offer with a known price is left"
    price = step.price
    return f"{text.usd(price.input)} input and {text.usd(price.output)} output at {price.host}"


@dataclass(frozen=True, slots=True)
class _Scale:
    """Turns days and dollars into per cent of the picture."""

    first: date
    last: date
    top: float

    def x(self, day: date) -> float:
        return _WIDTH * (day - self.first).days / (self.last - self.first).days

    def y(self, dollars: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * dollars / self.top


def _picture(steps: Sequence[Step], today: date) -> Picture:
    first, last = steps[0].start, max(today, steps[-1].start)
    if last > today:
        # What is announced needs room to be seen.
        last += max((last - first) / 8, _SHORTEST)
    last = max(last, first + _SHORTEST)
    prices = [step.price for step in steps if step.price]
    scale = _Scale(first, last, max(max(price.input, price.output) for price in prices))
    lines = [
        _line(
            "output", [step.price.output if step.price else None for step in steps], steps, scale
        ),
        _line("input", [step.price.input if step.price else None for step in steps], steps, scale),
    ]
    return Picture(
        lines=_apart(lines),
        values=tuple(
            Tick(_percent(scale.y(dollars)), text.usd(dollars)) for dollars in (0.0, scale.top)
        ),
        first_day=_short(first),
        last_day=_short(last),
        today=_percent(scale.x(max(first, today))),
        label=f"Lowest price from {text.day(first)} to {text.day(last)}; the table has the values",
        right=_percent(_WIDTH),
    )


def _line(name: str, values: Sequence[float | None], steps: Sequence[Step], scale: _Scale) -> Line:
    """Draw level pieces, joined by upright ones; a gap where nothing was known."""
    segments: list[Segment] = []
    before: float | None = None
    level = 0.0
    ends = [*(step.start for step in steps[1:]), scale.last]
    for value, step, end in zip(values, steps, ends, strict=True):
        if value is not None:
            level, start = scale.y(value), scale.x(step.start)
            if before is not None and before != level:
                segments.append(_segment(start, before, start, level, step.is_ahead))
            segments.append(_segment(start, level, scale.x(end), level, step.is_ahead))
        before = None if value is None else level
    last = next(value for value in reversed(values) if value is not None)
    label_x = _percent(_WIDTH)
    return Line(name, f"{name} {text.usd(last)}", tuple(segments), label_x, _percent(level))


def _segment(x1: float, y1: float, x2: float, y2: float, is_ahead: bool) -> Segment:
    return Segment(_percent(x1), _percent(y1), _percent(x2), _percent(y2), is_ahead)


def _apart(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Move the upper label up where two would cover each other."""
    upper, lower = lines
    high, low = float(upper.label_y.rstrip("%")), float(lower.label_y.rstrip("%"))
    if abs(high - low) >= _APART:
        return upper, lower
    if high > low:
        return replace(upper, label_y=_percent(low + _APART)), lower
    # At the top there is no room above.
    if low - _APART < 0:
        return upper, replace(lower, label_y=_percent(high + _APART))
    return replace(upper, label_y=_percent(low - _APART)), lower


def _short(day: date) -> str:
    """Write a day so that two fit side by side on a phone."""
    number, month, year = text.day(day).split()
    return f"{number} {month[:3]} {year}"


def _percent(part: float) -> str:
    return f"{round(part, 2):g}%"
