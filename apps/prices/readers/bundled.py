"""The prices that the installed genai-prices package brings along, and where newer ones are."""

import json
from dataclasses import is_dataclass
from datetime import date, time
from decimal import Decimal
from importlib.metadata import version

from genai_prices.data import providers
from genai_prices.data_units import unit_data
from genai_prices.types import ConditionalPrice, ModelInfo, ModelPrice, PriceVariant, TieredPrices
from genai_prices.update_prices import DEFAULT_UPDATE_URL

from apps.prices.fetching import fetch

URL = DEFAULT_UPDATE_URL
VERSION = version("genai-prices")
UNITS = frozenset(str(unit["price_key"]) for unit in unit_data.values())


def content() -> bytes:
    """Return the bundled prices in the format in which newer ones are published."""
    found = [
        {
            "id": provider.id,
            "name": provider.name,
            "models": [_model(model) for model in provider.models],
        }
        for provider in providers
    ]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def published() -> bytes:
    """Return the prices that are published now; every failure is a sentence."""
    return fetch(URL).content


def _model(model: ModelInfo) -> dict[str, object]:
    prices = model.prices
    raw: dict[str, object] = {
        "id": model.id,
        "prices": _prices(prices)
        if isinstance(prices, ModelPrice)
        else [_conditional(item) for item in prices],
    }
    if model.context_window is not None:
        raw["context_window"] = model.context_window
    if model.deprecated:
        raw["deprecated"] = True
    if model.price_variants:
        raw["price_variants"] = [
            {"when": item.when} | _conditional(item) for item in model.price_variants
        ]
    return raw


def _conditional(item: ConditionalPrice | PriceVariant) -> dict[str, object]:
    raw: dict[str, object] = {"prices": _prices(item.prices)}
    constraint = item.constraint
    if constraint is not None and is_dataclass(constraint):
        raw["constraint"] = {name: _text(value) for name, value in vars(constraint).items()}
    return raw


def _prices(prices: ModelPrice) -> dict[str, object]:
    return {key: _price(value) for key, value in vars(prices).items() if value is not None}


def _price(value: Decimal | TieredPrices) -> object:
    if isinstance(value, TieredPrices):
        tiers = [{"start": tier.start, "price": float(tier.price)} for tier in value.tiers]
        return {"base": float(value.base), "tiers": tiers}
    return float(value)


def _text(value: date | time) -> str:
    return value.isoformat()
