"""The words of the method that are code: the criteria, and how equal scores are ordered."""

from enum import StrEnum

from apps.money.options import Option


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


CRITERIA = tuple(Criterion)

# Equal scores go to what is easier to undo.
TIE_ORDER = (
    Option.CLOSED_API,
    Option.HOSTED_OPEN,
    Option.HYBRID,
    Option.SELF_CLOUD,
    Option.SELF_ONPREM,
)

UNSURE = "unsure"
