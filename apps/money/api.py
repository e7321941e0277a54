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


@dataclass(frozen=True, slots=True)
class PriceStep:
    """The prices of a whole request whose prompt is longer than `above_tokens` tokens.

    US dollars per million tokens; `cached`, `cache_write`, `batch_input` and `batch_output` are
    None where no such price is known. Raises ValueError, naming the field, for a negative number.
    """

    above_tokens: float
    input: float
    output: float
    cached: float | None = None
    batch_input: float | None = None
    batch_output: float | None = None
    cache_write: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a price."""
        check("above_tokens", self.above_tokens, 0)
        _check_prices(self)


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """List prices in US dollars per million tokens, with steps by the length of the prompt.

    Without a known cached price, cached tokens pay the input price; without known batch prices,
    requests in batches pay what the discount leaves. Raises ValueError, naming the field, for a
    negative price and for steps that are not in rising order.
    """

    input: float
    output: float
    cached: float | None = None
    steps: tuple[PriceStep, ...] = ()
    batch_input: float | None = None
    batch_output: float | None = None
    cache_write: float | None = None

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

    (1 + retry)(1 − batch·batch_discount)·[in·((1 − cached)·p_in + cached·p_cached) + out·p_out]/10⁶
    (method, section 6). Where the price list has batch prices, the part `batch` pays them instead
    of the discount; cached tokens are then reduced as uncached ones are.
    """
    paid = step_for(price, workload.tokens_in)
    cached_usd = paid.input if paid.cached is None else paid.cached
    prompt_usd = (1 - workload.cached) * paid.input + workload.cached * cached_usd
    reading_usd, writing_usd = workload.tokens_in * prompt_usd, workload.tokens_out * paid.output
    left = 1 - workload.batch_discount
    read_left = _left(paid.batch_input, paid.input, left)
    write_left = _left(paid.batch_output, paid.output, left)
    tokens_usd = reading_usd * (1 - workload.batch * (1 - read_left))
    tokens_usd += writing_usd * (1 - workload.batch * (1 - write_left))
    return (1 + workload.retry) * tokens_usd / _MILLION


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


# The prices of a list, or of a step of one.
STEP_PRICES = ("input", "output", "cached", "batch_input", "batch_output")


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
    listed, written = prices["input"], prices["output"]
    cached = np.where(np.isnan(prices["cached"]), listed, prices["cached"])
    reading = tokens_in * ((1 - billing.cached) * listed + billing.cached * cached)
    writing = tokens_out * written
    if billing.batch:
        assumed = np.where(sells_batches, 1 - billing.batch_discount, 1.0)
        read_left = _lefts(prices["batch_input"], listed, assumed)
        write_left = _lefts(prices["batch_output"], written, assumed)
        reading = reading * (1 - billing.batch * (1 - read_left))
        writing = writing * (1 - billing.batch * (1 - write_left))
    usd: Floats = (1 + billing.retry) * (reading + writing) / _MILLION
    return usd


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
    for name in ("input", "output", "cached", "batch_input", "batch_output", "cache_write"):
        usd = getattr(price, name)
        if usd is not None:
            check(name, usd, 0, _DEAREST)
