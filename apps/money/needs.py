"""What a state of answers asks of the models and the costs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, log
from typing import NamedTuple

from apps.money.market import Candidate

TO_BE_BOUGHT, GPU_SERVER = "to-be-bought", "gpu-server"

# What hosts must offer: of each set at least one fact.
type HostNeeds = frozenset[frozenset[str]]


class RestAt(StrEnum):
    """Where the open part of a hybrid runs."""

    HOSTED = "hosted"
    RENTED = "rented"
    OWNED = "owned"


class RequestSize(NamedTuple):
    """The tokens of a request, in and out."""

    tokens_in: float
    tokens_out: float

    @property
    def context(self) -> float:
        """The tokens that a model must hold at once."""
        return self.tokens_in + self.tokens_out

    def written_by(self, candidate: Candidate, reasoning: float) -> "RequestSize":
        """Return the size with the tokens that a model which is known to reason adds.

        `reasoning` is how many tokens it writes for each one of the answer (1 or more).
        """
        if not candidate.reasons:
            return self
        return RequestSize(self.tokens_in, self.tokens_out * reasoning)


class Level(NamedTuple):
    """How hard a kind of work is on the scale of the index, and how sharply it tells models apart.

    Method, section 4; difficulty in points of the index, slope above 0.
    """

    difficulty: float
    slope: float

    def chance(self, eci: float) -> float:
        """Return the share of such work that a model solves: 1/(1 + exp(−slope·(ECI − D)))."""
        return 1.0 / (1.0 + exp(-self.slope * (eci - self.difficulty)))

    def least(self, chance: float) -> float:
        """Return the index from which on a model has at least this chance, above 0 and below 1."""
        return self.difficulty + log(chance / (1.0 - chance)) / self.slope


class Stakes(NamedTuple):
    """How many points of importance capability and cost carry in the choice of a model.

    Those of cost are beside what is at stake in dollars (section 4).
    """

    capability: float
    cost: float


NO_STAKES = Stakes(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a model and of whoever serves it, whatever the volume.

    `modality` is a key of `MODALITY_NEEDS`; `reasoning` multiplies the output of models that
    reason; `hosts` is what a host must offer; `tuned` asks for a model with weights of one's own;
    `hardware` is what own hardware may be; `starts_in` is months from the market's day.
    """

    modality: str
    tokens_in: float
    tokens_out: float
    reasoning: float
    hosts: HostNeeds = frozenset()
    tuned: bool = False
    hardware: str = TO_BE_BOUGHT
    starts_in: float = 0.0

    @property
    def size(self) -> RequestSize:
        """The size of one request."""
        return RequestSize(self.tokens_in, self.tokens_out)


@dataclass(frozen=True, slots=True)
class Needs:
    """What one state of answers asks.

    `volume` is requests a day, of which `hard_share` (0 to 1) is of the level `hardest` and the
    rest `easier` where the work is shared; `keeps_inside` tells that a part of it must stay inside,
    `sensitive` (0 to 1) how much, which a pricer fills in;
    `peak` (1 or more) is the busiest hour's rate over the mean one; `rest_at` is where a hybrid's
    open part runs; `staffing` multiplies the people that are computed. With `least_eci` the
    cheapest model of that index or better is taken, whatever `stakes` say.
    """

    ask: Ask
    hardest: Level
    easier: Level
    hard_share: float
    volume: float
    peak: float
    rest_at: RestAt
    keeps_inside: bool = False
    sensitive: float = 0.0
    staffing: float = 1.0
    stakes: Stakes = NO_STAKES
    least_eci: float | None = None

    @property
    def size(self) -> RequestSize:
        """The size of one request."""
        return self.ask.size

    def with_tokens(self, tokens_in: float, tokens_out: float) -> "Needs":
        """Return the same needs for requests of another size."""
        return replace(self, ask=replace(self.ask, tokens_in=tokens_in, tokens_out=tokens_out))


def host_needs(clauses: Iterable[Iterable[str]]) -> HostNeeds:
    """Return what hosts must offer, from sets of facts of which one suffices."""
    return frozenset(frozenset(clause) for clause in clauses)
