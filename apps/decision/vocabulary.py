"""The words of the method that are code: options, their groups and the criteria."""

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


class Criterion(StrEnum):
    """What the options are valued on."""

    CAPABILITY = "capability"
    DATA_CONTROL = "data-control"
    COST = "cost"
    OPERATIONS = "operations"
    SPEED = "speed"
    CUSTOMISATION = "customisation"
    INDEPENDENCE = "independence"
    SAFETY_SUPPORT = "safety-support"
    ELASTICITY = "elasticity"


OPTIONS = tuple(Option)
CRITERIA = tuple(Criterion)
GROUPS = tuple(Group)

_GROUPS = {
    Option.CLOSED_API: Group.CLOSED,
    Option.HOSTED_OPEN: Group.OPEN,
    Option.SELF_CLOUD: Group.OPEN,
    Option.SELF_ONPREM: Group.OPEN,
    Option.HYBRID: Group.HYBRID,
}

# Equal scores go to what is easier to undo.
TIE_ORDER = (
    Option.CLOSED_API,
    Option.HOSTED_OPEN,
    Option.HYBRID,
    Option.SELF_CLOUD,
    Option.SELF_ONPREM,
)

UNSURE = "unsure"
