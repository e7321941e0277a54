"""What a model behind an API costs: one request is priced, then multiplied."""

from dataclasses import dataclass

from apps.costs.ranges import check
from apps.costs.workload import DAYS_PER_MONTH, Workload

_MILLION = 1_000_000
# No list price comes near it; above it a price is a slip of the keyboard.
_DEAREST = 1_000_000.0


@dataclass(frozen=True, slots=True)
class PriceStep:
    """The prices of a whole request whose prompt is longer than `above_tokens` tokens.

    US dollars per million tokens; `cached` is None where no cached price is known. Raises
    ValueError, naming the field, for a negative number.
    """

    above_tokens: float
    input: float
    output: float
    cached: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a price."""
        check("above_tokens", self.above_tokens, 0)
        _check_prices(self.input, self.output, self.cached)


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """List prices in US dollars per million tokens, with steps by the length of the prompt.

    Without a known cached price, cached tokens pay the input price. Raises ValueError, naming the
    field, for a negative price and for steps that are not in rising order.
    """

    input: float
    output: float
    cached: float | None = None
    steps: tuple[PriceStep, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be a price list."""
        _check_prices(self.input, self.output, self.cached)
        above = [step.above_tokens for step in self.steps]
        if above != sorted(set(above)):
            raise ValueError("steps must be in rising order of above_tokens")


def request_usd(price: TokenPrice, workload: Workload) -> float:
    """Return the US dollars of one request, retries and batch discount included.

    (1 + retry)(1 − batch·batch_discount)·[in·((1 − cached)·p_in + cached·p_cached) + out·p_out]/10⁶
    (method, section 6). The prompt's length chooses the step, and the step prices all of the
    request: a month's tokens together would choose the wrong one.
    """
    input_usd, output_usd, cached_usd = price.input, price.output, price.cached
    for step in price.steps:
        if workload.tokens_in > step.above_tokens:
            input_usd, output_usd, cached_usd = step.input, step.output, step.cached
    if cached_usd is None:
        cached_usd = input_usd
    prompt_usd = (1 - workload.cached) * input_usd + workload.cached * cached_usd
    tokens_usd = workload.tokens_in * prompt_usd + workload.tokens_out * output_usd
    discount = 1 - workload.batch * workload.batch_discount
    return (1 + workload.retry) * discount * tokens_usd / _MILLION


def month_usd(price: TokenPrice, workload: Workload, people_usd: float = 0.0) -> float:
    """Return the US dollars a month: volume·365/12·request + people (method, section 6).

    Raises ValueError for negative `people_usd`, US dollars a month.
    """
    check("people_usd", people_usd, 0)
    return workload.volume * DAYS_PER_MONTH * request_usd(price, workload) + people_usd


def _check_prices(input_usd: float, output_usd: float, cached_usd: float | None) -> None:
    check("input", input_usd, 0, _DEAREST)
    check("output", output_usd, 0, _DEAREST)
    if cached_usd is not None:
        check("cached", cached_usd, 0, _DEAREST)
