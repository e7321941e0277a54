"""What pages of more than one package may show."""

from dataclasses import dataclass
from datetime import date

from apps.common.citing import SourceNote
from apps.plots import LogPlot


@dataclass(frozen=True, slots=True)
class AssumedRow:
    """Something that the computation took without asking; its key is the name of its field."""

    key: str
    name: str
    value: str  # what the address sets; empty where the default is used
    error: str  # what is wrong with it; empty where nothing is
    reset_url: str  # the same address with the default; empty where it is used already
    default: str
    unit: str
    allowed: str
    source: SourceNote


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """What one option costs a month, bills and people apart.

    `start`, `middle`, `end` place the bar, in percent.
    """

    name: str
    group: str
    is_winner: bool
    ruled_out: str  # the reason; empty where it is possible
    low: float
    expected: float
    high: float
    bills: float
    people: float
    start: float
    middle: float
    end: float
    models: str
    hosts: tuple[str, ...]  # for each model on an API: where, of how many hosts, at what prices
    score: float | None  # None where nothing is scored


@dataclass(frozen=True, slots=True)
class CurveRow:
    """The options' costs at one volume, in the order of the table's columns."""

    volume: float
    is_here: bool
    cells: tuple[tuple[float, float, float], ...]  # low, expected, high


@dataclass(frozen=True, slots=True)
class Panel:
    """All five options side by side for one workload."""

    workload: str
    compared: str
    gaps: tuple[str, ...]  # where what is compared is not alike
    rows: tuple[MoneyRow, ...]
    winner_word: str  # what marks the winner's row
    scored: bool
    picked: str  # what was picked instead of the cheapest; empty where nothing was
    notes: tuple[str, ...]
    gpus: tuple[str, ...]
    purchase: tuple[str, ...]  # what own hardware is to buy
    curve_sentence: str
    curve_plot: LogPlot | None
    curve_names: tuple[str, ...]
    curve: tuple[CurveRow, ...]
    break_evens: tuple[str, ...]
    data_date: date
