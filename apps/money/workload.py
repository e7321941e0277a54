"""What is asked of a model in a day, and the length of a month."""

from dataclasses import dataclass, fields

DAYS_PER_MONTH = 365 / 12
HOURS_PER_MONTH = 730
SECONDS_PER_DAY = 86_400

_RANGES = {
    "volume": (0.0, 1e12),
    "tokens_in": (0.0, 1e9),
    "tokens_out": (0.0, 1e9),
    "peak": (1.0, 1000.0),
    "cached": (0.0, 1.0),
    "batch": (0.0, 1.0),
    "retry": (0.0, 10.0),
    "batch_discount": (0.0, 1.0),
    "written": (0.0, 1.0),
    "written_1h": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Workload:
    """Requests a day and their size in tokens; shares are between 0 and 1.

    `peak` is the busiest hour's rate divided by the mean rate (1 or more). Output tokens include
    reasoning tokens. Of the input tokens that no cache holds, `written` are written to one, and of
    these `written_1h` for an hour. Raises ValueError, naming the field, outside its range.
    """

    volume: float
    tokens_in: float
    tokens_out: float
    peak: float = 1.0
    cached: float = 0.0
    batch: float = 0.0
    retry: float = 0.05
    batch_discount: float = 0.5
    written: float = 0.0
    written_1h: float = 0.0

    def __post_init__(self) -> None:
        """Refuse values that no formula is meant for."""
        for field in fields(self):
            low, high = _RANGES[field.name]
            value = getattr(self, field.name)
            if not low <= value <= high:
                raise ValueError(f"{field.name} must be between {low:g} and {high:g}, not {value}")
