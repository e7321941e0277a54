"""What an option consists of: pieces of work that each take one model."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from apps.money.needs import Needs, RestAt
from apps.money.options import Option
from apps.money.workload import SECONDS_PER_DAY


class Kind(StrEnum):
    """A way to get a model: on an API, closed or open, or on GPUs, rented or owned."""

    CLOSED = "closed"
    HOSTED = "hosted"
    RENTED = "rented"
    OWNED = "owned"


class Role(StrEnum):
    """What a model does in an option: all of the work, the hard share or the rest."""

    ALL = "all"
    HARD = "hard"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Work:
    """Requests a day for a model of a capability tier or above."""

    kind: Kind
    role: Role
    tier: int
    volume: float

    def busiest_rate(self, peak: float) -> float:
        """Return requests a second in the busiest hour; `peak` is its rate over the mean one."""
        return self.volume / SECONDS_PER_DAY * peak


_REST_KINDS = {
    RestAt.HOSTED: Kind.HOSTED,
    RestAt.RENTED: Kind.RENTED,
    RestAt.OWNED: Kind.OWNED,
}


def work_of(option: Option, needs: Needs) -> tuple[Work, ...]:
    """Return the work of an option: all in one, but of a hybrid the hard part and the rest."""
    match option:
        case Option.CLOSED_API:
            return (Work(Kind.CLOSED, Role.ALL, needs.tier, needs.volume),)
        case Option.HOSTED_OPEN:
            return (Work(Kind.HOSTED, Role.ALL, needs.tier, needs.volume),)
        case Option.SELF_CLOUD:
            return (Work(Kind.RENTED, Role.ALL, needs.tier, needs.volume),)
        case Option.SELF_ONPREM:
            return (Work(Kind.OWNED, Role.ALL, needs.tier, needs.volume),)
        case Option.HYBRID:
            hard, rest = needs.volume * needs.hard_share, needs.volume * (1 - needs.hard_share)
            return (
                Work(Kind.CLOSED, Role.HARD, needs.tier, hard),
                Work(_REST_KINDS[needs.rest_at], Role.REST, needs.rest_tier, rest),
            )
        case _:
            assert_never(option)
