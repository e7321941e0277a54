"""What the cost page may show: one frozen dataclass, made of smaller ones."""

from dataclasses import dataclass
from datetime import date

from apps.common.errors import FieldError
from apps.engine.contexts import AssumedRow, Panel
from apps.plots import Stacked, Staircase, Tornado


@dataclass(frozen=True, slots=True)
class Field:
    """A text field of the form."""

    key: str
    label: str
    unit: str
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class SelectOption:
    """A choice of a select."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A select of the form."""

    key: str
    label: str
    hint: str
    options: tuple[SelectOption, ...]
    error: str


@dataclass(frozen=True, slots=True)
class Form:
    """Every input of the page."""

    action_url: str
    hidden_inputs: tuple[tuple[str, str], ...]
    numbers: tuple[Field, ...]
    selects: tuple[Select, ...]
    need: Field
    overrides: tuple[Select, ...]
    day: Field
    assumed: tuple[AssumedRow, ...]
    changes: tuple[tuple[str, str], ...]  # what is not at its default, and the way back
    reset_url: str  # empty while every default is used

    @property
    def overrides_open(self) -> bool:
        """Whether something is wrong among the picks."""
        return bool(self.day.error or any(pick.error for pick in self.overrides))

    @property
    def assumed_open(self) -> bool:
        """Whether something is wrong among the assumptions."""
        return any(row.error for row in self.assumed)


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """What an option's expected month is made of, in US dollars, and how each amount is made."""

    name: str
    group: str
    parts: tuple[float, ...]
    total: float
    how: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BreakdownBlock:
    """What each option's month is made of."""

    part_names: tuple[str, ...]
    rows: tuple[BreakdownRow, ...]


@dataclass(frozen=True, slots=True)
class StairRow:
    """One step of the staircase."""

    is_today: bool
    end: float
    replicas: int
    gpus: int
    full: float
    usd: float


@dataclass(frozen=True, slots=True)
class GpuRow:
    """The same model on one GPU; `why_not` is set where it does not run there."""

    name: str
    is_chosen: bool
    layout: str
    utilisation: float | None
    usd: float | None
    why_not: str


@dataclass(frozen=True, slots=True)
class FitRow:
    """A precision with its need and the GPUs that hold it, in the order of the columns."""

    bits: float
    is_chosen: bool
    weights_gb: float
    need_gb: float
    fits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HostingBlock:
    """A model on GPUs: the staircase, the GPUs compared, and the memory at each precision."""

    key: str
    title: str
    model: str
    sentence: str
    plot: Staircase | None
    plot_sentence: str
    stairs: tuple[StairRow, ...]
    gpus: tuple[GpuRow, ...]
    fit_sentence: str
    fit_names: tuple[tuple[str, float], ...]
    fits: tuple[FitRow, ...]


@dataclass(frozen=True, slots=True)
class LeverRow:
    """One input at its two ends."""

    name: str
    low_value: str
    low_usd: float
    low_cheapest: str
    high_value: str
    high_usd: float
    high_cheapest: str


@dataclass(frozen=True, slots=True)
class LeversBlock:
    """What moves an option's cost most."""

    title: str
    sentence: str
    plot: Tornado | None
    rows: tuple[LeverRow, ...]


@dataclass(frozen=True, slots=True)
class TotalRow:
    """An option over so many months, by what it buys."""

    name: str
    group: str
    parts: tuple[float, ...]
    total: float


@dataclass(frozen=True, slots=True)
class HorizonBlock:
    """All options over so many months."""

    key: str
    months: int
    sentence: str
    plot: Stacked | None
    rows: tuple[TotalRow, ...]


@dataclass(frozen=True, slots=True)
class TotalsBlock:
    """All options over each horizon."""

    note: str
    part_names: tuple[str, ...]
    horizons: tuple[HorizonBlock, ...]


@dataclass(frozen=True, slots=True)
class RegretColumn:
    """A volume, and what it is to the one planned."""

    scale: str
    volume: float


@dataclass(frozen=True, slots=True)
class RegretRow:
    """An option at each volume: cost, and how much more than the cheapest."""

    name: str
    group: str
    left_out: str  # why it is not compared; empty where it is
    cells: tuple[tuple[float, float | None], ...]
    most: float


@dataclass(frozen=True, slots=True)
class RegretBlock:
    """What a wrong choice costs where the volume turns out otherwise."""

    sentence: str
    columns: tuple[RegretColumn, ...]
    rows: tuple[RegretRow, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that is computed; absent while an input is wrong."""

    panel: Panel
    breakdown: BreakdownBlock
    hosting: tuple[HostingBlock, ...]
    levers: LeversBlock
    totals: TotalsBlock
    regret: RegretBlock
    json_url: str
    csv_url: str
    decide_url: str


@dataclass(frozen=True, slots=True)
class BillForm:
    """'Bring your bill': what was typed, and what was wrong with it."""

    action_url: str
    fields: tuple[Field, ...]
    file_error: str


@dataclass(frozen=True, slots=True)
class CostPage:
    """The cost page."""

    url: str
    form: Form
    errors: tuple[FieldError, ...]
    results: Results | None
    bill: BillForm
    announcement: str
    rules_version: int
    data_date: date


@dataclass(frozen=True, slots=True)
class ReadBackModel:
    """A model in a usage file: its tokens, the file's own amount and the computed one."""

    name: str
    requests: int | None
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    amount: str
    usd: float | None


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A usage file as it was read, and its totals on their way to the form."""

    action_url: str
    back_url: str
    hidden_inputs: tuple[tuple[str, str], ...]
    days: Field
    errors: tuple[FieldError, ...]
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    models: tuple[ReadBackModel, ...] = ()
    more_models: int = 0
    left_out: tuple[str, ...] = ()
    more_left_out: int = 0
