"""The five ways to get a language model, and the groups that a headline names."""

from enum import StrEnum


class Group(StrEnum):
    """What the headline names."""

    CLOSED = "Closed"
    OPEN = "Open"
    HYBRID = "Hybrid"


class Option(StrEnum):
    """The five ways to get a language model, in the order of every table."""

    CLOSED_API = "closed-api"
    HOSTED_OPEN = "hosted-open"
    SELF_CLOUD = "self-cloud"
    SELF_ONPREM = "self-onprem"
    HYBRID = "hybrid"

    @property
    def group(self) -> Group:
        """The group that the option belongs to."""
        return _GROUPS[self]


OPTIONS = tuple(Option)
GROUPS = tuple(Group)

_GROUPS = {
    Option.CLOSED_API: Group.CLOSED,
    Option.HOSTED_OPEN: Group.OPEN,
    Option.SELF_CLOUD: Group.OPEN,
    Option.SELF_ONPREM: Group.OPEN,
    Option.HYBRID: Group.HYBRID,
}
