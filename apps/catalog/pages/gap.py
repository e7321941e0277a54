"""How far the best open model is behind the best closed one: in points, and in months."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from apps.catalog.models import Capability, IndexScore, Model
from apps.common.citing import SourceNote
from apps.common.format import day
from apps.plots import Level, Series, Timeline, timeline

DAYS_PER_MONTH = 365 / 12
# Under so many points two scores are about equal.
NOISE = 3.0
OPEN, CLOSED = IndexScore.Weights.OPEN, IndexScore.Weights.CLOSED
# Below the first models, so that the picture is not mostly empty; the index has no zero.
_FLOOR = 80.0


@dataclass(frozen=True, slots=True)
class Best:
    """A model that scored more than all of its kind before; `url` is its page in the catalog."""

    start: date
    name: str
    eci: float
    ci_low: float | None
    ci_high: float | None
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Gap:
    """The best of both kinds on a day.

    `behind` is how many months ago a closed model first had the score of the best open one;
    `at_release` how many months after that the open one came. None where no closed model had it.
    """

    day: date
    closed: Best
    open: Best
    points: float
    behind: float | None
    at_release: float | None

    @property
    def is_noise(self) -> bool:
        """Tell whether the two are about equal."""
        return abs(self.points) < NOISE


@dataclass(frozen=True, slots=True)
class GapPage:
    """The gap over time, from one snapshot of the index."""

    snapshot: date | None
    sentence: str
    picture: Timeline | None
    # What the picture shows, for who does not see it.
    label: str
    records: tuple[Best, ...]
    months: tuple[Gap, ...]
    by_catalog: int
    source: SourceNote | None


def gap_page(scores: Iterable[IndexScore], known: Iterable[Capability]) -> GapPage:
    """Return the page of a snapshot; what is open is what the catalog says, where it knows."""
    models = {row.index_name: row.model for row in known}
    lines = [score for score in scores if score.release_date is not None]
    lines = sorted(lines, key=attrgetter("release_date"))
    kinds = {score.name: kind_of(score, models.get(score.name)) for score in lines}
    closed, open_ = (records(lines, kinds, kind, models) for kind in (CLOSED, OPEN))
    snapshot = lines[0].snapshot if lines else None
    now = gap_on(closed, open_, snapshot) if snapshot else None
    return GapPage(
        snapshot=snapshot,
        sentence=_sentence(now) if now else "No snapshot of the index is in the catalog yet.",
        picture=_picture(closed, open_, snapshot) if snapshot and now else None,
        label=_label(now) if now else "",
        records=tuple(sorted((*closed, *open_), key=attrgetter("start"), reverse=True)),
        months=tuple(_months(closed, open_, snapshot)) if snapshot else (),
        by_catalog=sum(name in models for name in kinds),
        source=lines[0].source.cited() if lines else None,
    )


def kind_of(score: IndexScore, model: Model | None) -> str:
    """Return whether the weights can be had: as the catalog says, else as the index does."""
    if model is None or model.openness == Model.Openness.UNKNOWN:
        return score.weights
    return OPEN.value if model.is_open else CLOSED.value


def records(
    lines: Sequence[IndexScore],
    kinds: Mapping[str, str],
    kind: str,
    models: Mapping[str, Model],
) -> tuple[Best, ...]:
    """Return each model of a kind that beat all before it; of one day the best alone."""
    found: list[Best] = []
    for score in lines:
        if kinds[score.name] != kind or score.release_date is None:
            continue
        if found and score.eci <= found[-1].eci:
            continue
        if found and found[-1].start == score.release_date:
            found.pop()
        model = models.get(score.name)
        url = model.get_absolute_url() if model else ""
        interval = (score.ci_low, score.ci_high)
        label = str(IndexScore.Weights(kind).label)
        found.append(Best(score.release_date, score.name, score.eci, *interval, url, label))
    return tuple(found)


def gap_on(closed: Sequence[Best], open_: Sequence[Best], on: date) -> Gap | None:
    """Return the gap of a day; None before there was one of each kind."""
    here, there = _best(closed, on), _best(open_, on)
    if here is None or there is None:
        return None
    first = next((best for best in closed if best.start <= on and best.eci >= there.eci), None)
    return Gap(
        day=on,
        closed=here,
        open=there,
        points=round(here.eci - there.eci, 2),
        behind=months(first.start, on) if first else None,
        at_release=months(first.start, there.start) if first else None,
    )


def months(start: date, end: date) -> float:
    """Return the months of 365/12 days from one day to another."""
    return round((end - start).days / DAYS_PER_MONTH, 1)


def _best(bests: Sequence[Best], on: date) -> Best | None:
    return next((best for best in reversed(bests) if best.start <= on), None)


def _months(closed: Sequence[Best], open_: Sequence[Best], snapshot: date) -> Iterable[Gap]:
    """Yield the gap at the end of each month that the snapshot covers, the latest first."""
    on = snapshot.replace(day=1) - timedelta(days=1)
    while (found := gap_on(closed, open_, on)) is not None:
        yield found
        on = on.replace(day=1) - timedelta(days=1)


def _sentence(now: Gap) -> str:
    lead = (
        f"On {day(now.day)} the best closed model was {now.closed.name} ({now.closed.eci:.1f}) "
        f"and the best open one {now.open.name} ({now.open.eci:.1f})"
    )
    if now.is_noise:
        return f"{lead}: about equal, for under {NOISE:g} points is noise."
    ahead = "closed" if now.points > 0 else "open"
    points = f"{lead}: {abs(now.points):.1f} points in favour of the {ahead} side."
    if now.behind is None or now.at_release is None:
        return f"{points} No closed model has had the score of the best open one."
    return (
        f"{points} A closed model first had the score of the best open one "
        f"{now.behind:g} months before; the open one came {now.at_release:g} months after it."
    )


def _label(now: Gap) -> str:
    return (
        f"Best closed and best open model over time up to {day(now.day)}: closed at "
        f"{now.closed.eci:.1f}, open at {now.open.eci:.1f}; the tables have the values"
    )


def _picture(closed: Sequence[Best], open_: Sequence[Best], end: date) -> Timeline | None:
    return timeline(
        (_series("closed", closed), _series("open", open_)),
        end=end.toordinal(),
        here=(end.toordinal(), "snapshot"),
        y_title="Epoch Capabilities Index",
        x_text=lambda number: f"{date.fromordinal(round(number)):%b %Y}",
        y_text=lambda value: f"{value:g}",
        floor=_FLOOR,
    )


def _series(name: str, bests: Sequence[Best]) -> Series:
    levels = tuple(Level(best.start.toordinal(), best.eci, False) for best in bests)
    return Series(f"{name} {bests[-1].eci:.0f}", name, levels)
