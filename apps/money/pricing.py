"""What the five options cost for what a state of answers needs.

Every option is priced with the cheapest suitable model of the market, and the model that is priced
is the model that is recommended. A price is a pure function of market, assumptions and needs.
"""

from dataclasses import replace
from math import nan

from apps.money.assumptions import Assumptions
from apps.money.break_even import BreakEven, Plan, break_even_of_best
from apps.money.cache import Cache
from apps.money.hosting import Deployment
from apps.money.market import Candidate, Gpu, Market
from apps.money.needs import Needs
from apps.money.options import OPTIONS, Option
from apps.money.priced import Moves, OnGpus, OptionPrice, Priced
from apps.money.quotes import BAND, Quotes
from apps.money.sourcing import Bid, Offered, Runnable
from apps.money.work import Work, work_of

# What a pricer remembers, all in all, and what the amounts of one set of needs take of it.
MOST_BYTES = 8_000_000
_AMOUNTS_BYTES = 500


class Pricer:
    """Prices of one market under one set of assumptions, remembered as they are asked for."""

    def __init__(
        self, market: Market, assumptions: Assumptions, most_bytes: int = MOST_BYTES
    ) -> None:
        """Take the market and the assumptions; nothing is computed yet."""
        self.market = market
        self.assumptions = assumptions
        ftes = {
            Option.CLOSED_API: assumptions.fte_closed,
            Option.HOSTED_OPEN: assumptions.fte_hosted,
            Option.SELF_CLOUD: assumptions.fte,
            Option.SELF_ONPREM: assumptions.fte_onprem,
            Option.HYBRID: assumptions.fte_hybrid,
        }
        setups = {
            Option.CLOSED_API: assumptions.setup_closed,
            Option.HOSTED_OPEN: assumptions.setup_hosted,
            Option.SELF_CLOUD: assumptions.setup,
            Option.SELF_ONPREM: assumptions.setup_onprem,
            Option.HYBRID: assumptions.setup_hybrid,
        }
        self._people = {option: assumptions.people_usd(fte) for option, fte in ftes.items()}
        self._setup = {option: assumptions.people_usd(months) for option, months in setups.items()}
        self._quotes = Quotes(market, assumptions, most_bytes * 3 // 4)
        self._expected: Cache[Needs, tuple[float, ...]] = Cache(most_bytes // 8, _amounts_bytes)
        self._unshared: Cache[tuple[float | str, ...], tuple[float, ...]] = Cache(
            most_bytes // 8, _amounts_bytes
        )

    def peak(self, needs: Needs) -> float:
        """Return the busiest hour's rate over the mean one: the assumption, or what is needed."""
        return needs.peak if self.assumptions.peak is None else self.assumptions.peak

    def hard_share(self, needs: Needs) -> float:
        """Return the part of a hybrid's requests that its closed model gets."""
        given = self.assumptions.hard_share
        return needs.hard_share if given is None else given

    def setup_usd(self, option: Option) -> float:
        """Return US dollars of the work before the first day, paid once."""
        return self._setup[option]

    def expected(self, needs: Needs) -> tuple[float, ...]:
        """Return US dollars a month in the order of OPTIONS; NaN where nothing can be priced."""
        return self._expected.get(needs, lambda: self._amounts(self._assumed(needs)))

    def detail(self, needs: Needs) -> tuple[OptionPrice, ...]:
        """Return the same amounts in the same order, with bands and models."""
        assumed = self._assumed(needs)
        return tuple(
            self._option(option, assumed, usd)
            for option, usd in zip(OPTIONS, self.expected(needs), strict=True)
        )

    def alternatives(self, needs: Needs, option: Option, count: int = 3) -> tuple[Priced, ...]:
        """Return the cheapest suitable models of an option, each once, the one priced first.

        Of a hybrid: the models of its open part. Empty where nothing can be priced.
        """
        assumed = self._assumed(needs)
        return self._quotes.alternatives(_last_work(option, assumed), assumed, count)

    def on_each_gpu(self, needs: Needs, option: Option) -> tuple[tuple[Gpu, OnGpus | None], ...]:
        """Return the model that an option runs itself on each GPU of the market.

        On each at its cheapest; None where it does not fit, was not measured or has no price.
        Empty for an option that runs nothing itself.
        """
        assumed = self._assumed(needs)
        return self._quotes.on_each_gpu(_last_work(option, assumed), assumed)

    def bid(self, candidate: Candidate, needs: Needs) -> Bid | None:
        """Return the cheapest offer of one model; None where nobody takes such requests."""
        return self._quotes.bid(candidate, needs)

    def rented(self, slug: str, needs: Needs) -> Deployment | None:
        """Return the cheapest way to run one model on rented GPUs; None where there is none."""
        assumed = self._assumed(needs)
        return self._quotes.rented(slug, _last_work(Option.SELF_CLOUD, assumed), assumed)

    def break_even(
        self, needs: Needs, api: Option = Option.CLOSED_API, own: Option = Option.SELF_CLOUD
    ) -> BreakEven | None:
        """Return the requests a day from which self-hosting stays cheaper than an API.

        `own` is one of the two self-hosted options, `api` one of the two on an API. At each volume
        the cheapest suitable model runs on the cheapest GPUs. None where either cannot be priced.
        """
        assumed = self._assumed(needs)
        bought, run = (
            self._quotes.supply(_last_work(option, assumed), assumed) for option in (api, own)
        )
        if not (isinstance(bought, Offered) and isinstance(run, Runnable)):
            return None
        plans = [
            Plan(
                deployment.serving(self.assumptions, assumed.peak),
                deployment.hourly,
                deployment.infra,
            )
            for deployment in run.best
        ]
        request_usd = bought.bids[0].request_usd
        return break_even_of_best(request_usd, self._people[api], plans, self._people[own])

    def _assumed(self, needs: Needs) -> Needs:
        """Return the needs with what the assumptions say instead of them."""
        if self.assumptions.peak is None and self.assumptions.hard_share is None:
            return needs
        return replace(needs, peak=self.peak(needs), hard_share=self.hard_share(needs))

    def _amounts(self, needs: Needs) -> tuple[float, ...]:
        # Many needs differ only in how a hybrid shares the work.
        key = (needs.tier, needs.modality, needs.volume, *needs.size, needs.peak)
        of_one_model = self._unshared.get(
            key,
            lambda: tuple(self._month_usd(o, needs) for o in OPTIONS if o is not Option.HYBRID),
        )
        return (*of_one_model, self._month_usd(Option.HYBRID, needs))

    def _month_usd(self, option: Option, needs: Needs) -> float:
        months = [self._quotes.monthly_usd(work, needs) for work in work_of(option, needs)]
        return sum(months, self._people[option])

    def _option(self, option: Option, needs: Needs, expected: float) -> OptionPrice:
        people_usd = self._people[option]
        low, high = people_usd / BAND, people_usd * BAND
        parts: list[Priced] = []
        for work in work_of(option, needs):
            part = self._quotes.cheapest(work, needs)
            if part is None:
                return OptionPrice(option, nan, nan, nan, people_usd, (), ())
            least, most = self._quotes.band(part, work, needs)
            low, high = low + least, high + most
            parts.append(part)
        moved = dict.fromkeys(moves for part in parts for moves in part.moved_by)
        if people_usd:
            moved[Moves.PEOPLE] = None
        return OptionPrice(option, low, expected, high, people_usd, tuple(parts), tuple(moved))


def _amounts_bytes(*_: object) -> int:
    return _AMOUNTS_BYTES


def _last_work(option: Option, needs: Needs) -> Work:
    """Return the work of an option: of a hybrid, that of its open part."""
    return work_of(option, needs)[-1]
