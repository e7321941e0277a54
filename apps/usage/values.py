"""What a usage file adds up to, and how it was read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Usage:
    """The totals of a usage file: requests, tokens, and the days they were used in.

    `tokens_in` includes cached tokens, `tokens_out` includes reasoning tokens. `first` and `last`
    are None where the file has no dates; it then stands for one month. `batch` counts the requests
    at half the price (batch, flex), by their share of the tokens where the file does not count
    requests, and is 0 where the file does not say.
    """

    requests: int
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    first: date | None
    last: date | None
    days: float
    rows: int
    batch: int
    models: tuple[str, ...]

    @property
    def requests_per_day(self) -> float:
        """Return the requests of a mean day."""
        return self.requests / self.days

    @property
    def tokens_in_per_request(self) -> float:
        """Return the input tokens of a mean request, cached tokens included."""
        return self.tokens_in / self.requests

    @property
    def tokens_out_per_request(self) -> float:
        """Return the output tokens of a mean request, reasoning tokens included."""
        return self.tokens_out / self.requests

    @property
    def cached_share(self) -> float:
        """Return the share of input tokens that were read from a cache, 0 to 1."""
        return self.tokens_cached / self.tokens_in if self.tokens_in else 0.0

    @property
    def batch_share(self) -> float:
        """Return the share of requests that were sent at half the price, 0 to 1."""
        return self.batch / self.requests


@dataclass(slots=True)
class ModelUsage:
    """What the rows of one model add up to; `amount` is what the file says that they cost.

    Of the tokens in, `tokens_written` were written to a cache, and of these `tokens_written_1h` for
    an hour.
    """

    name: str
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    tokens_batch: int = 0
    tokens_written: int = 0
    tokens_written_1h: int = 0
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that was not counted, and why."""

    number: int
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Bill:
    """A usage file as it was read: its totals, and everything that a reader should check.

    `currency` is the code that the file gives for its amounts, empty where it gives none.
    """

    usage: Usage
    days_with_rows: int
    by_model: tuple[ModelUsage, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    currency: str

    @property
    def amount(self) -> Decimal | None:
        """Return what the file says that everything cost."""
        amounts = [model.amount for model in self.by_model if model.amount is not None]
        return sum(amounts, Decimal(0)) if amounts else None


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row counts, whatever shape its file has."""

    number: int
    requests: int
    tokens_in: int
    tokens_out: int
    cached: int
    is_half: bool
    model: str
    amount: Decimal | None
    span: tuple[date, date] | None
    written: int = 0
    written_1h: int = 0

    @property
    def tokens(self) -> int:
        """All tokens of the row."""
        return self.tokens_in + self.tokens_out


def by_model(entries: Iterable[Entry]) -> tuple[ModelUsage, ...]:
    """Add up the rows of each model; rows that name none are together."""
    found: dict[str, ModelUsage] = {}
    for entry in entries:
        if not (entry.requests or entry.tokens or entry.amount):
            continue
        total = found.setdefault(entry.model, ModelUsage(entry.model))
        total.requests += entry.requests
        total.tokens_in += entry.tokens_in
        total.tokens_out += entry.tokens_out
        total.tokens_cached += entry.cached
        total.tokens_written += entry.written
        total.tokens_written_1h += entry.written_1h
        total.tokens_batch += entry.tokens if entry.is_half else 0
        if entry.amount is not None:
            total.amount = (total.amount or Decimal(0)) + entry.amount
    return tuple(found[name] for name in sorted(found))
