"""What the five options cost for what a state of answers needs.

Every option is priced with the cheapest suitable model of the market, and the model that is priced
is the model that is recommended. A price is a pure function of market, assumptions and needs.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, nan

from apps.money.assumptions import Assumptions
from apps.money.break_even import BreakEven, Plan, break_even_of_best
from apps.money.gpus import Serving, fleet
from apps.money.hosting import Grade, Size, Way, cheapest, rates, undominated
from apps.money.kept import Kept
from apps.money.market import Candidate, Gpu, Market, Offer
from apps.money.needs import Lack, LackKind, lacks
from apps.money.options import OPTIONS, Option
from apps.money.self_hosted import gpus_usd
from apps.money.sourcing import Bid, Found, Kind, Sourcing
from apps.money.throughput import Profile
from apps.money.workload import DAYS_PER_MONTH, SECONDS_PER_DAY

__all__ = [
    "Grade",
    "Lack",
    "LackKind",
    "Moves",
    "Needs",
    "OptionPrice",
    "Priced",
    "Pricer",
    "RestAt",
    "Role",
]

# Prices and people may be half or twice what is expected; estimated throughput too.
_BAND = 2.0
# What a pricer remembers, all in all, and what the amounts of one set of needs take of it.
MOST_BYTES = 8_000_000
_AMOUNTS_BYTES = 500


class RestAt(StrEnum):
    """Where the open part of a hybrid runs."""

    HOSTED = "hosted"
    RENTED = "rented"
    OWNED = "owned"


class Role(StrEnum):
    """What a model does in an option: all of the work, the hard share or the rest."""

    ALL = "all"
    HARD = "hard"
    REST = "rest"


class Moves(StrEnum):
    """An input that moves the band from low to high."""

    TOKEN_PRICE = "token-price"  # noqa: S105 - a price, no secret
    GPU_PRICE = "gpu-price"
    PEOPLE = "people"
    THROUGHPUT = "throughput"


@dataclass(frozen=True, slots=True)
class Needs:
    """What one state of answers asks.

    `modality` is a key of `MODALITY_NEEDS`; `volume` is requests a day, of which `hard_share` (0
    to 1) needs `tier` and the rest `rest_tier` if the work is shared; `peak` (1 or more) is the
    busiest hour's rate over the mean one; `rest_at` is where a hybrid's open part runs.
    """

    tier: int
    rest_tier: int
    hard_share: float
    modality: str
    volume: float
    tokens_in: float
    tokens_out: float
    peak: float
    rest_at: RestAt


@dataclass(frozen=True, slots=True)
class Priced:
    """One model as part of an option, with its month in US dollars, people apart.

    With an `offer` it is hosted and `request_usd` is the price of a request; with a `gpu` it is
    self-hosted: `serving` and `hourly` are what the cost formulas take, and `profile`, `scale`
    times, is the measurement that the throughput rests on. `volume` is requests a day.
    """

    candidate: Candidate
    role: Role
    volume: float
    monthly_usd: float
    grade: Grade
    lacks: tuple[Lack, ...] = ()
    offer: Offer | None = None
    request_usd: float | None = None
    gpu: Gpu | None = None
    gpus: int = 0
    replicas: int = 0
    gpus_per_replica: int = 0
    utilisation: float | None = None
    hourly: float | None = None
    gpu_usd: float = 0.0
    infra_usd: float = 0.0
    profile: Profile | None = None
    scale: float = 1.0
    serving: Serving | None = None


@dataclass(frozen=True, slots=True)
class OptionPrice:
    """An option's month in US dollars with its band and the models that are priced.

    Where the market has nothing to price, the three amounts are NaN and `parts` is empty.
    """

    option: Option
    low: float
    expected: float
    high: float
    people_usd: float
    parts: tuple[Priced, ...]
    moved_by: tuple[Moves, ...]


# A part of an option before it is priced: kind, role, tier and requests a day.
_Part = tuple[Kind, Role, int, float]

_REST_KINDS = {
    RestAt.HOSTED: Kind.HOSTED,
    RestAt.RENTED: Kind.RENTED,
    RestAt.OWNED: Kind.OWNED,
}


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
        self._people = [assumptions.people_usd(ftes[option]) for option in OPTIONS]
        setups = (
            assumptions.setup_closed,
            assumptions.setup_hosted,
            assumptions.setup,
            assumptions.setup_onprem,
            assumptions.setup_hybrid,
        )
        self._setup = [assumptions.people_usd(months) for months in setups]
        self._spare = ceil(assumptions.spare)
        self._sourcing = Sourcing(market, assumptions, most_bytes * 3 // 4)
        self._expected: Kept[Needs, tuple[float, ...]] = Kept(most_bytes // 8, _amounts_bytes)
        self._unshared: Kept[tuple[float | str, ...], tuple[float, ...]] = Kept(
            most_bytes // 8, _amounts_bytes
        )

    def setup_usd(self, option: Option) -> float:
        """Return US dollars of the work before the first day, paid once."""
        return self._setup[OPTIONS.index(option)]

    def expected(self, needs: Needs) -> tuple[float, ...]:
        """Return US dollars a month in the order of OPTIONS; NaN where nothing can be priced."""
        return self._expected.get(needs, lambda: self._amounts(needs))

    def detail(self, needs: Needs) -> tuple[OptionPrice, ...]:
        """Return the same amounts in the same order, with bands and models."""
        return tuple(
            self._option(option, parts, needs, people, usd)
            for option, parts, people, usd in zip(
                OPTIONS, self._parts(needs), self._people, self.expected(needs), strict=True
            )
        )

    def alternatives(self, needs: Needs, option: Option, count: int = 3) -> tuple[Priced, ...]:
        """Return the cheapest suitable models of an option, each once, the one priced first.

        Of a hybrid: the models of its open part. Empty where nothing can be priced.
        """
        part = self._parts(needs)[OPTIONS.index(option)][-1]
        size = Size(needs.tokens_in, needs.tokens_out)
        found = self._find(part, needs, size)
        if found is None:
            return ()
        if found.bids:
            return tuple(_on_api(part, found, bid) for bid in found.bids[:count])
        rate = self._peak_rate(part, needs)
        fits = [cheapest(of_one, rate, self._spare) for of_one in found.ways]
        fits.sort(key=lambda fit: (fit[0], fit[1].order))
        return tuple(self._on_gpus(part, needs, found, *fit) for fit in fits[:count])

    def way_of(self, slug: str, needs: Needs) -> Way | None:
        """Return the cheapest way to run one model on rented GPUs; None where there is none."""
        candidate = next((c for c in self.market.candidates if c.slug == slug), None)
        if candidate is None or not candidate.is_open:
            return None
        size = Size(needs.tokens_in, needs.tokens_out)
        found = undominated(
            way
            for rate in rates(self.market, candidate)
            for way in self._sourcing.ways(rate, owned=False, size=size)
        )
        peak_rate = needs.volume / SECONDS_PER_DAY * self.peak(needs)
        return cheapest(found, peak_rate, self._spare)[1] if found else None

    def on_each_gpu(self, needs: Needs, option: Option) -> tuple[tuple[Gpu, Priced | None], ...]:
        """Return the model that an option runs itself on each GPU of the market.

        On each at its cheapest; None where it does not fit, was not measured or has no price.
        Empty for an option that runs nothing itself.
        """
        part = self._parts(needs)[OPTIONS.index(option)][-1]
        size = Size(needs.tokens_in, needs.tokens_out)
        found = self._find(part, needs, size)
        if found is None or not found.best:
            return ()
        peak_rate = self._peak_rate(part, needs)
        chosen = cheapest(found.best, peak_rate, self._spare)[1].rate.candidate
        by_gpu = {
            rate.gpu.slug: self._sourcing.ways(rate, part[0] is Kind.OWNED, size)
            for rate in rates(self.market, chosen)
        }
        result: list[tuple[Gpu, Priced | None]] = []
        for gpu in self.market.gpus:
            ways = undominated(by_gpu.get(gpu.slug, ()))
            fit = cheapest(ways, peak_rate, self._spare) if ways else None
            result.append((gpu, self._on_gpus(part, needs, found, *fit) if fit else None))
        return tuple(result)

    def break_even(
        self, needs: Needs, api: Option = Option.CLOSED_API, own: Option = Option.SELF_CLOUD
    ) -> BreakEven | None:
        """Return the requests a day from which self-hosting stays cheaper than an API.

        `own` is one of the two self-hosted options, `api` one of the two on an API. At each volume
        the cheapest suitable model runs on the cheapest GPUs. None where either cannot be priced.
        """
        size = Size(needs.tokens_in, needs.tokens_out)
        places = OPTIONS.index(api), OPTIONS.index(own)
        bought, run = (self._find(self._parts(needs)[place][0], needs, size) for place in places)
        if bought is None or run is None:
            return None
        plans = [
            Plan(way.serving(self.assumptions, self.peak(needs)), way.hourly, way.infra)
            for way in run.best
        ]
        api_people_usd, people_usd = (self._people[place] for place in places)
        return break_even_of_best(bought.bids[0].request_usd, api_people_usd, plans, people_usd)

    def _amounts(self, needs: Needs) -> tuple[float, ...]:
        size = Size(needs.tokens_in, needs.tokens_out)
        *unshared, hybrid = self._parts(needs)
        # Many needs differ only in how a hybrid shares the work.
        key = (needs.tier, needs.modality, needs.volume, *size, needs.peak)
        of_one_model = self._unshared.get(
            key,
            lambda: tuple(
                self._month(part, needs, size) + people_usd
                for (part,), people_usd in zip(unshared, self._people, strict=False)
            ),
        )
        shared = sum([self._month(part, needs, size) for part in hybrid], self._people[-1])
        return (*of_one_model, shared)

    def _parts(self, needs: Needs) -> tuple[tuple[_Part, ...], ...]:
        """Return what each option consists of, in the order of OPTIONS."""
        tier, volume = needs.tier, needs.volume
        hard_share = self.hard_share(needs)
        return (
            ((Kind.CLOSED, Role.ALL, tier, volume),),
            ((Kind.HOSTED, Role.ALL, tier, volume),),
            ((Kind.RENTED, Role.ALL, tier, volume),),
            ((Kind.OWNED, Role.ALL, tier, volume),),
            (
                (Kind.CLOSED, Role.HARD, tier, volume * hard_share),
                (_REST_KINDS[needs.rest_at], Role.REST, needs.rest_tier, volume * (1 - hard_share)),
            ),
        )

    def _find(self, part: _Part, needs: Needs, size: Size) -> Found | None:
        kind, _, tier, _ = part
        return self._sourcing.find(kind, tier, needs.modality, size)

    def _peak_rate(self, part: _Part, needs: Needs) -> float:
        return part[-1] / SECONDS_PER_DAY * self.peak(needs)

    def peak(self, needs: Needs) -> float:
        """Return the busiest hour's rate over the mean one: the assumption, or what is needed."""
        return needs.peak if self.assumptions.peak is None else self.assumptions.peak

    def hard_share(self, needs: Needs) -> float:
        """Return the part of a hybrid's requests that its closed model gets."""
        given = self.assumptions.hard_share
        return needs.hard_share if given is None else given

    def _month(self, part: _Part, needs: Needs, size: Size) -> float:
        """Return a part's US dollars a month without people; NaN where nothing can be priced."""
        found = self._find(part, needs, size)
        if found is None:
            return nan
        if found.bids:
            return _api_month(part, found.bids[0])
        return cheapest(found.best, self._peak_rate(part, needs), self._spare)[0]

    def _option(
        self,
        option: Option,
        parts: tuple[_Part, ...],
        needs: Needs,
        people_usd: float,
        expected: float,
    ) -> OptionPrice:
        size = Size(needs.tokens_in, needs.tokens_out)
        low, high = people_usd / _BAND, people_usd * _BAND
        priced: list[Priced] = []
        moved: dict[Moves, None] = {}
        for part in parts:
            found = self._find(part, needs, size)
            if found is None:
                return OptionPrice(option, nan, nan, nan, people_usd, (), ())
            if found.bids:
                one = _on_api(part, found, found.bids[0])
                low += one.monthly_usd / _BAND
                high += one.monthly_usd * _BAND
                moved[Moves.TOKEN_PRICE] = None
            else:
                fit = cheapest(found.best, self._peak_rate(part, needs), self._spare)
                one = self._on_gpus(part, needs, found, *fit)
                low += self._at_speed(part, needs, size, fit, 1 / _BAND) / _BAND
                high += self._at_speed(part, needs, size, fit, _BAND) * _BAND
                moved[Moves.GPU_PRICE] = None
                if one.grade is Grade.ESTIMATED:
                    moved[Moves.THROUGHPUT] = None
            priced.append(one)
        if people_usd:
            moved[Moves.PEOPLE] = None
        return OptionPrice(option, low, expected, high, people_usd, tuple(priced), tuple(moved))

    def _at_speed(
        self, part: _Part, needs: Needs, size: Size, fit: tuple[float, Way], throughput: float
    ) -> float:
        """Return the month of the same model and GPU if a request takes so many times as long."""
        usd, way = fit
        if way.rate.grade is not Grade.ESTIMATED:
            return usd
        changed = self._sourcing.ways(way.rate, part[0] is Kind.OWNED, size, throughput)
        rate = self._peak_rate(part, needs)
        return min(one.month_usd(rate, self._spare) for one in changed)

    def _on_gpus(self, part: _Part, needs: Needs, found: Found, usd: float, way: Way) -> Priced:
        _, role, _, volume = part
        rate = way.rate
        serving = way.serving(self.assumptions, self.peak(needs))
        served = fleet(serving, volume)
        gpu_usd = gpus_usd(served.gpus, way.hourly)
        return Priced(
            candidate=rate.candidate,
            role=role,
            volume=volume,
            monthly_usd=usd,
            grade=rate.grade,
            lacks=lacks(rate.candidate, found.wanted),
            gpu=rate.gpu,
            gpus=served.gpus,
            replicas=served.replicas,
            gpus_per_replica=way.gpus,
            utilisation=served.utilisation,
            hourly=way.hourly,
            gpu_usd=gpu_usd,
            infra_usd=gpu_usd * way.infra,
            profile=rate.profile,
            scale=rate.scale,
            serving=serving,
        )


def _amounts_bytes(_: tuple[float, ...]) -> int:
    return _AMOUNTS_BYTES


def _api_month(part: _Part, bid: Bid) -> float:
    return part[-1] * DAYS_PER_MONTH * bid.request_usd


def _on_api(part: _Part, found: Found, bid: Bid) -> Priced:
    _, role, _, volume = part
    return Priced(
        candidate=bid.candidate,
        role=role,
        volume=volume,
        monthly_usd=_api_month(part, bid),
        grade=Grade.LIST_PRICE,
        lacks=lacks(bid.candidate, found.wanted, bid.offer),
        offer=bid.offer,
        request_usd=bid.request_usd,
    )
