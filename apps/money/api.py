"""What a model behind an API costs: one request is priced, then multiplied."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from apps.money.arrays import Bools, Floats
from apps.money.ranges import check
from apps.money.workload import DAYS_PER_MONTH, Workload

_MILLION = 1_000_000
# No list price comes near it; above it a price is a slip of the keyboard.
_DEAREST = 1_000_000.0
_PRICES = (
    *("input", "output", "cached", "cache_write", "cache_write_1h"),
    *("batch_input", "batch_output", "batch_cached"),
)


@dataclass(frozen=True, slots=True)
class PriceStep:
    """The prices of a whole request whose prompt is longer than `above_tokens` tokens.

    US dollars per million tokens; the prices after `output` are None where they are not known.
    Raises ValueError, naming the field, for a negative number.
    """

    above_tokens: float
    input: float
    output: float
    cached: float | None = None
    batch_input: float | None = None
    batch_output: float | None = None
    batch_cached: float | None = None
    cache_write: float | None = None
    cache_write_1h: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a price."""
        check("above_tokens", self.above_tokens, 0)
        _check_prices(self)


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """List prices in US dollars per million tokens, with steps by the length of the prompt.

    Without a known price for them, cached tokens and those written to a cache pay the input price.
    Without known batch prices, requests in batches pay what the discount leaves, or all where the
    host sells none. Raises ValueError, naming the field, for a negative price and for steps that
    are not in rising order.
    """

    input: float
    output: float
    cached: float | None = None
    steps: tuple[PriceStep, ...] = ()
    batch_input: float | None = None
    batch_output: float | None = None
    batch_cached: float | None = None
    cache_write: float | None = None
    cache_write_1h: float | None = None
    sells_batches: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be a price list."""
        _check_prices(self)
        above = [step.above_tokens for step in self.steps]
        if above != sorted(set(above)):
            raise ValueError("steps must be in rising order of above_tokens")


def step_for(price: TokenPrice, tokens_in: float) -> TokenPrice | PriceStep:
    """Return the prices that a prompt of so many tokens pays: the last step that it is above.

    The step prices all of the request: a month's tokens together would choose the wrong one.
    """
    paid: TokenPrice | PriceStep = price
    for step in price.steps:
        if tokens_in > step.above_tokens:
            paid = step
    return paid


def request_usd(price: TokenPrice, workload: Workload) -> float:
    """Return the US dollars of one request, retries and batches included.

    (1 + retry)·[in·((1 − cached)·((1 − written)·p_in + written·p_write) + cached·p_cached) +
    out·p_out]/10⁶, where each price is (1 − batch)·list + batch·batch price (method, section 6).
    A batch price that is not known is what the discount leaves of the list price; that of cached
    and of written tokens, what a batch leaves of the input price.
    """
    paid = step_for(price, workload.tokens_in)
    left = 1 - workload.batch_discount if price.sells_batches else 1.0
    read_left = _left(paid.batch_input, paid.input, left)
    written_left = _left(paid.batch_output, paid.output, left)
    cached_left = _left(paid.batch_cached, cached_usd(paid), read_left)
    prompt_usd = (1 - workload.cached) * _uncached_usd(paid, workload)
    prompt_usd *= 1 - workload.batch * (1 - read_left)
    prompt_usd += workload.cached * cached_usd(paid) * (1 - workload.batch * (1 - cached_left))
    answer_usd = paid.output * (1 - workload.batch * (1 - written_left))
    tokens_usd = workload.tokens_in * prompt_usd + workload.tokens_out * answer_usd
    return (1 + workload.retry) * tokens_usd / _MILLION


def cached_usd(price: TokenPrice | PriceStep) -> float:
    """Return the US dollars of a million cached tokens."""
    return price.input if price.cached is None else price.cached


def cache_write_usd(price: TokenPrice | PriceStep) -> tuple[float, float]:
    """Return the US dollars of a million tokens written to a cache, for minutes and for an hour."""
    usd = price.input if price.cache_write is None else price.cache_write
    return usd, usd if price.cache_write_1h is None else price.cache_write_1h


def _uncached_usd(price: TokenPrice | PriceStep, workload: Workload) -> float:
    """Return the mean US dollars of a million tokens that no cache holds."""
    if not workload.written:
        return price.input
    minutes, hour = cache_write_usd(price)
    write_usd = (1 - workload.written_1h) * minutes + workload.written_1h * hour
    return (1 - workload.written) * price.input + workload.written * write_usd


def _left(batch_usd: float | None, usd: float, assumed: float) -> float:
    """Return the part of a price that a batch leaves."""
    return assumed if batch_usd is None or usd == 0 else batch_usd / usd


class Billing(Protocol):
    """What changes a bill beside the tokens."""

    @property
    def cached(self) -> float: ...
    @property
    def batch(self) -> float: ...
    @property
    def batch_discount(self) -> float: ...
    @property
    def retry(self) -> float: ...


# The prices of a list, or of a step of one, that a request without writing to a cache pays.
STEP_PRICES = ("input", "output", "cached", "batch_input", "batch_output", "batch_cached")


def requests_priced(
    prices: Mapping[str, Floats],
    tokens_in: float,
    tokens_out: Floats,
    billing: Billing,
    sells_batches: Bools,
) -> Floats:
    """Return `request_usd` of many price lists at once; an unknown price is NaN.

    `tokens_out` is that of each list; a discount on batches holds only where they are sold.
    """
    read, write = prices["input"], prices["output"]
    cached = np.where(np.isnan(prices["cached"]), read, prices["cached"])
    if billing.batch:
        assumed = np.where(sells_batches, 1 - billing.batch_discount, 1.0)
        read_left = _lefts(prices["batch_input"], read, assumed)
        cached = cached * _kept(billing, _lefts(prices["batch_cached"], cached, read_left))
        write = write * _kept(billing, _lefts(prices["batch_output"], write, assumed))
        read = read * _kept(billing, read_left)
    reading = tokens_in * ((1 - billing.cached) * read + billing.cached * cached)
    usd: Floats = (1 + billing.retry) * (reading + tokens_out * write) / _MILLION
    return usd


def _kept(billing: Billing, left: Floats) -> Floats:
    """Return what the share that goes in batches leaves of a price."""
    kept: Floats = 1 - billing.batch * (1 - left)
    return kept


def _lefts(batch_usd: Floats, usd: Floats, assumed: Floats) -> Floats:
    known = ~np.isnan(batch_usd) & (usd > 0)
    return np.divide(batch_usd, usd, out=assumed.copy(), where=known)


def month_usd(price: TokenPrice, workload: Workload, people_usd: float = 0.0) -> float:
    """Return the US dollars a month: volume·365/12·request + people (method, section 6).

    Raises ValueError for negative `people_usd`, US dollars a month.
    """
    check("people_usd", people_usd, 0)
    return requests_usd(workload.volume, request_usd(price, workload)) + people_usd


def requests_usd(volume: float, request_usd: float) -> float:
    """Return the US dollars a month of so many requests a day: volume·365/12·request."""
    return volume * DAYS_PER_MONTH * request_usd


def _check_prices(price: TokenPrice | PriceStep) -> None:
    for name in _PRICES:
        usd = getattr(price, name)
        if usd is not None:
            check(name, usd, 0, _DEAREST)
