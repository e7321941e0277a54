"""What is priced: a model on an API or on GPUs, and the option that it is part of."""

from dataclasses import dataclass
from enum import StrEnum

from apps.money.api import requests_usd
from apps.money.gpus import Fleet, Serving
from apps.money.hosting import Deployment, Grade
from apps.money.market import Candidate, Gpu, Offer
from apps.money.options import Option
from apps.money.self_hosted import SelfHostedMonth
from apps.money.suitability import Lack
from apps.money.work import Role


class Moves(StrEnum):
    """An input that moves the band from low to high."""

    TOKEN_PRICE = "token-price"  # noqa: S105 - a price, no secret
    GPU_PRICE = "gpu-price"
    PEOPLE = "people"
    THROUGHPUT = "throughput"


@dataclass(frozen=True, slots=True)
class OnApi:
    """A model at a host that bills each request; `volume` is requests a day."""

    candidate: Candidate
    role: Role
    volume: float
    lacks: tuple[Lack, ...]
    offer: Offer
    request_usd: float

    @property
    def monthly_usd(self) -> float:
        """US dollars a month, people apart."""
        return requests_usd(self.volume, self.request_usd)

    @property
    def grade(self) -> Grade:
        """What the price rests on."""
        return Grade.LIST_PRICE

    @property
    def moved_by(self) -> tuple[Moves, ...]:
        """What moves the band."""
        return (Moves.TOKEN_PRICE,)


@dataclass(frozen=True, slots=True)
class OnGpus:
    """A model on a fleet of GPUs, rented or owned; `volume` is requests a day.

    `monthly_usd` is US dollars a month, people apart; `serving` is what the cost formulas take.
    """

    candidate: Candidate
    role: Role
    volume: float
    lacks: tuple[Lack, ...]
    deployment: Deployment
    serving: Serving
    month: SelfHostedMonth
    monthly_usd: float

    @property
    def gpu(self) -> Gpu:
        """The kind of GPU."""
        return self.deployment.model.gpu

    @property
    def fleet(self) -> Fleet:
        """How many of them, and how busy."""
        return self.month.fleet

    @property
    def idle_usd(self) -> float:
        """US dollars of the month's GPUs that buy idle hours."""
        return self.month.idle_usd

    @property
    def grade(self) -> Grade:
        """What the speed, and with it the price, rests on."""
        return self.deployment.model.grade

    @property
    def moved_by(self) -> tuple[Moves, ...]:
        """What moves the band: an estimated speed, too."""
        if self.grade is Grade.ESTIMATED:
            return (Moves.GPU_PRICE, Moves.THROUGHPUT)
        return (Moves.GPU_PRICE,)


type Priced = OnApi | OnGpus


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

    @property
    def on_api(self) -> tuple[OnApi, ...]:
        """The parts that are billed by the request."""
        return tuple(part for part in self.parts if isinstance(part, OnApi))

    @property
    def on_gpus(self) -> tuple[OnGpus, ...]:
        """The parts that run on GPUs."""
        return tuple(part for part in self.parts if isinstance(part, OnGpus))
