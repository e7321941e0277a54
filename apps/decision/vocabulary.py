"""The words of the method that are code: the criteria, the order of equals, fixed keys."""

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

# What may be known of a host, and asked of it by an answer.
HOST_FACTS = (
    "contract",
    "no-training",
    "zero-retention",
    "audited",
    "hipaa",
    "eu-region",
    "us-region",
    "aws",
    "azure",
    "google",
    "other-cloud",
)

# The questions that the models and the hardware of one's own are chosen by.
MODALITY, HARDWARE = "modality", "hardware"
# What hardware of one's own may be.
DEVICES = ("laptop", "workstation", "unified-memory", "gpu-server", "to-be-bought")

# The answer to any question that leaves it open.
UNSURE = "unsure"
# The choice that excludes all others of its question.
NONE = "none"
# The size of a request that is given by its own two numbers, and their keys.
CUSTOM = "custom"
TOKENS_IN, TOKENS_OUT = "tokens_in", "tokens_out"
