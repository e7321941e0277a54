"""The words for what is open, who may use it and where it is in its life."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from apps.catalog.models import Model, Price
from apps.common.format import day
from apps.money.market import Rights


@dataclass(frozen=True, slots=True)
class Openness:
    """A degree of openness in words; None where it differs from model to model."""

    label: str
    group: str
    about: str
    weights: bool | None
    code: bool | None
    data: bool | None


OPENNESS = {
    "fully-open": Openness(
        "Fully open",
        "Open",
        "Weights, training code and training data are public, under a permissive licence.",
        weights=True,
        code=True,
        data=True,
    ),
    "open-weight": Openness(
        "Open-weight",
        "Open",
        "The weights can be downloaded and used in a business, perhaps under conditions. "
        "Training code and data may be kept back.",
        weights=True,
        code=None,
        data=None,
    ),
    "semi-open": Openness(
        "Semi-open",
        "Open",
        "The weights can be downloaded but not used in a business, or the small versions of a "
        "family are open and the large ones are not.",
        weights=True,
        code=None,
        data=None,
    ),
    "closed": Openness(
        "Closed",
        "Closed",
        "It can only be used through an API or a product: there are no weights to download, "
        "inspect or change.",
        weights=False,
        code=False,
        data=False,
    ),
    "unknown": Openness(
        "Not known",
        "",
        "Whether its weights can be downloaded was not found out.",
        weights=None,
        code=None,
        data=None,
    ),
}


@dataclass(frozen=True, slots=True)
class RightsLabel:
    """What a business may do with a model: in a cell, as a choice and in a sentence."""

    cell: str | None  # None is unknown
    choice: str
    sentence: str


RIGHTS = {
    Rights.FREE.value: RightsLabel(
        "Yes", "Free to use", "A business may use, change and host it freely."
    ),
    Rights.CONDITIONAL.value: RightsLabel(
        "Conditions", "Under conditions", "A business may use it under conditions."
    ),
    Rights.API_TERMS.value: RightsLabel(
        "API terms", "On API terms", "A business uses it through an API, on the vendor’s terms."
    ),
    Rights.NONE.value: RightsLabel(
        "No",
        "Not without another licence",
        "A business may not use the weights without another licence.",
    ),
    Rights.UNKNOWN.value: RightsLabel(
        None,
        "Unknown",
        "What a business may do with it is not known: read the licence first.",
    ),
}

YES_NO = {"yes": "Yes", "no": "No", "unknown": "Unknown"}

_STATUS_TONES = {"current": "good", "legacy": "", "deprecated": "caution", "retired": "bad"}


@dataclass(frozen=True, slots=True)
class Badge:
    """A word in a frame; the tone only repeats what the word says."""

    text: str
    tone: str = ""


def status_badge(model: Model, today: date) -> Badge:
    """Return the status of a model on a day."""
    return status_word(model.status_on(today))


def status_word(status: str) -> Badge:
    """Return a status in words."""
    return Badge(str(Model.Status(status).label), _STATUS_TONES[status])


def stale_badge(checked_on: date, today: date) -> Badge | None:
    """Return a badge where nobody has checked a fact for too long."""
    days = (today - checked_on).days
    if days < settings.STALE_AFTER_DAYS:
        return None
    return Badge(f"Not checked for {days} days", "caution")


def yes_no(value: bool | None) -> str | None:
    """Return an ability in a word; None where it is unknown."""
    return None if value is None else YES_NO["yes" if value else "no"]


def as_listed(price: Price) -> str:
    """Return a price in the currency of its list, with the rate; empty where that is the dollar."""
    rate = price.currency
    if rate is None:
        return ""
    amounts = (
        f"{amount.normalize():f} {rate} {word}"
        for word, amount in (("input", price.input), ("output", price.output))
        if amount is not None
    )
    usd = f"{rate.usd_per_unit.normalize():f}"
    return f"Listed at {' and '.join(amounts)}; 1 {rate} is ${usd} as of {day(rate.date)}."
