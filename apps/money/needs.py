"""What a state of answers asks of the models and the costs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from apps.money.market import Candidate


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

        `reasoning` is how many tokens it writes for each one that is counted (1 or more).
        """
        if not candidate.reasons:
            return self
        return RequestSize(self.tokens_in, self.tokens_out * reasoning)


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

    @property
    def size(self) -> RequestSize:
        """The size of one request."""
        return RequestSize(self.tokens_in, self.tokens_out)
