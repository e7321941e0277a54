"""What is priced: a model on an API or on machines, and the option that it is part of."""

from dataclasses import dataclass
from enum import StrEnum

from apps.money.gpus import Fleet, Serving
from apps.money.hosting import Deployment, Grade, OnDevice
from apps.money.market import Candidate, Device, Gpu, Offer
from apps.money.offers import HostedModel
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
    """A model at a host that bills each request; `volume` is requests a day.

    `low_usd` and `high_usd` are what the same month comes to in the band; `monthly_usd` is US
    dollars a month, people apart.
    """

    candidate: Candidate
    role: Role
    volume: float
    eci: float
    lacks: tuple[Lack, ...]
    hosted: HostedModel
    monthly_usd: float
    low_usd: float
    high_usd: float

    @property
    def offer(self) -> Offer:
        """The offer of the median host."""
        return self.hosted.offer

    @property
    def request_usd(self) -> float:
        """US dollars of one request there."""
        return self.hosted.request_usd

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
    eci: float
    lacks: tuple[Lack, ...]
    deployment: Deployment
    serving: Serving
    month: SelfHostedMonth
    monthly_usd: float
    low_usd: float
    high_usd: float

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


@dataclass(frozen=True, slots=True)
class OnDevices:
    """A model on devices that stand on a desk; `volume` is requests a day.

    `utilisation` is the part of the time that they write; `monthly_usd` is US dollars a month,
    people apart: `price_usd` spread over the months, and `power_usd`.
    """

    candidate: Candidate
    role: Role
    volume: float
    eci: float
    lacks: tuple[Lack, ...]
    on_device: OnDevice
    devices: int
    utilisation: float
    monthly_usd: float
    power_usd: float
    low_usd: float
    high_usd: float

    @property
    def device(self) -> Device:
        """The kind of device."""
        return self.on_device.model.device

    @property
    def tokens_per_second(self) -> float:
        """How fast one of them writes."""
        return self.on_device.model.tokens_per_second

    @property
    def grade(self) -> Grade:
        """What the speed rests on."""
        return Grade.ESTIMATED

    @property
    def moved_by(self) -> tuple[Moves, ...]:
        """What moves the band."""
        return (Moves.GPU_PRICE, Moves.THROUGHPUT)


type Priced = OnApi | OnGpus | OnDevices


@dataclass(frozen=True, slots=True)
class OptionPrice:
    """An option's month in US dollars with its band and the models that are priced.

    `ratio` is the chance of its model on such work over that of the best of the market; `fte` its
    full-time people. Where the market has nothing to price, the three amounts are NaN and `parts`
    is empty.
    """

    option: Option
    low: float
    expected: float
    high: float
    people_usd: float
    fte: float
    ratio: float
    parts: tuple[Priced, ...]
    moved_by: tuple[Moves, ...]

    @property
    def bills_usd(self) -> float:
        """US dollars a month without people."""
        return self.expected - self.people_usd

    @property
    def on_api(self) -> tuple[OnApi, ...]:
        """The parts that are billed by the request."""
        return tuple(part for part in self.parts if isinstance(part, OnApi))

    @property
    def on_gpus(self) -> tuple[OnGpus, ...]:
        """The parts that run on GPUs."""
        return tuple(part for part in self.parts if isinstance(part, OnGpus))

    @property
    def on_machines(self) -> tuple[OnGpus | OnDevices, ...]:
        """The parts that run on GPUs or on devices."""
        return tuple(part for part in self.parts if isinstance(part, OnGpus | OnDevices))

    @property
    def on_devices(self) -> tuple[OnDevices, ...]:
        """The parts that run on devices."""
        return tuple(part for part in self.parts if isinstance(part, OnDevices))
