"""What an option consists of: pieces of work that each take one model."""

from enum import StrEnum

from apps.money.needs import RestAt
from apps.money.options import Option


class Kind(StrEnum):
    """A way to get a model: on an API, closed or open, or on GPUs, rented or owned."""

    CLOSED = "closed"
    HOSTED = "hosted"
    RENTED = "rented"
    OWNED = "owned"


class Role(StrEnum):
    """What a model does in an option: all of it, the hard share, the rest, or what stays inside."""

    ALL = "all"
    HARD = "hard"
    REST = "rest"
    INSIDE = "inside"


REST_KINDS = {
    RestAt.HOSTED: Kind.HOSTED,
    RestAt.RENTED: Kind.RENTED,
    RestAt.OWNED: Kind.OWNED,
}
# The options that do all of the work in one way.
SINGLE_KINDS = {
    Option.CLOSED_API: Kind.CLOSED,
    Option.HOSTED_OPEN: Kind.HOSTED,
    Option.SELF_CLOUD: Kind.RENTED,
    Option.SELF_ONPREM: Kind.OWNED,
}
