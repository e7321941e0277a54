"""Files with a row a kind of token: quantity times unit, by what the meter's name says.

Made after the exports of DeepSeek (type, amount), the AWS Cost and Usage Report
(lineItem/UsageType, lineItem/UsageAmount, pricing/unit), Azure's usage details (MeterName,
Quantity, UnitOfMeasure), Google Cloud's costs by SKU (SKU description, Usage amount and unit),
FOCUS (SkuMeter, ConsumedQuantity, ConsumedUnit) and Mistral's usage (billing_group, value).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.usage.columns import Role, token_kind, words

_KINDS = (
    *("billinggroup", "type", "tokentype", "lineitemusagetype", "usagetype", "metername", "meter"),
    *("skudescription", "xskumetername", "skumeter", "sku", "metric"),
)
_QUANTITIES = (
    *("amount", "lineitemusageamount", "usageamount", "quantity", "consumedquantity"),
    *("tokens", "tokencount", "count", "value", "units"),
)
_UNITS = ("pricingunit", "unitofmeasure", "usageunit", "consumedunit", "unit", "units")
_UNIT = re.compile(
    r"([0-9][0-9,.]*)?\s*([km])?\s*(?:/?\s*(?:tokens?|count|units?))?", re.IGNORECASE
)
_SCALES = {"": 1, "k": 1000, "m": 1_000_000}
_NOISE = {"tokens", "token", "count", "glbl", "regnl", "dz", "dzone", "batch", "read", "write"}


@dataclass(frozen=True, slots=True)
class Meters:
    """Where the kind of token, the quantity, its unit and the price of one stand."""

    kind: int
    quantity: int
    unit: int | None
    price: int | None


def find_meters(names: Sequence[str]) -> Meters | None:
    """Return the columns of a file with a row a kind of token, None for any other file."""
    places = {"".join(words(name)): place for place, name in reversed([*enumerate(names)])}
    kind = next((places[key] for key in _KINDS if key in places), None)
    quantity = next((places[key] for key in _QUANTITIES if key in places), None)
    if kind is None or quantity is None or kind == quantity:
        return None
    unit = next((places[key] for key in _UNITS if key in places and places[key] != quantity), None)
    return Meters(kind, quantity, unit, places.get("price"))


def meter_kind(text: str) -> Role | None:
    """Return what a meter counts; what is neither tokens nor requests is another service."""
    found = set(words(text))
    if {"request", "count"} <= found or found == {"requests"}:
        return Role.REQUESTS
    return None if found & {"audio", "image", "images", "video"} else token_kind(found)


def is_batch(text: str) -> bool:
    """Tell whether a meter is that of requests at half the price."""
    return bool({"batch", "flex"} & set(words(text)))


def unit_scale(text: str) -> Decimal | None:
    """Return how many tokens one unit is, None where the text does not say."""
    match = _UNIT.fullmatch(text.strip())
    if match is None or not text.strip():
        return None
    number = (match[1] or "1").replace(",", "")
    if number.count(".") > 1 or number.endswith("."):
        return None
    return Decimal(number) * _SCALES[(match[2] or "").casefold()]


def model_of(text: str) -> str:
    """Return what is left of a meter's name without the words for tokens."""
    text = re.sub(r"^[A-Z]{2,5}[0-9]-", "", text)
    parts = re.split(r"[\s_\-]+", text)
    return " ".join(part for part in parts if not _is_noise(part))


def _is_noise(part: str) -> bool:
    found = set(words(part))
    return not found or bool(found & _NOISE) or token_kind(found) is not None
