"""Reads the JSON of genai-prices: providers, their models, and prices with conditions and tiers.

Of conditional prices, the last one whose start has come is in force; prices of certain hours
belong to no day and are only noted. Of a tiered price the base is the list price, and each tier a
step.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from apps.prices import host_names
from apps.prices.values import PriceList, Quote, Reading, Step, UnsoundSourceError, price

DATASET = "genai-prices"
HOURS_NOTE = "Other prices at certain hours."
HOURS_ONLY = "only certain hours are priced, which is no price of a day."

_TOKEN_KEYS = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cached": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "cache_write_1h": "cache_write_1h_mtok",
}
_BATCH_KEYS = {
    "batch_in": "input_mtok",
    "batch_out": "output_mtok",
    "batch_cached": "cache_read_mtok",
}


def parse(content: bytes) -> list[Any]:
    """Return the providers of a file; broken JSON and numbers that are none are refused."""
    try:
        found = json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError) as error:
        start = content[:40].decode("utf-8", "replace").split("\n")[0]
        raise UnsoundSourceError(
            f"The source is not whole JSON: {error}. It starts with {start!r}."
        ) from error
    if not isinstance(found, list):
        raise UnsoundSourceError("The source must be a list of providers.")
    if not found:
        raise UnsoundSourceError("The source is an empty list.")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not a number")


def read(
    content: bytes,
    today: date,
    *,
    units: frozenset[str],
    read_on: date,
    source_slug: str,
    title: str,
    url: str = "",
) -> Reading:
    """Return all quotes of a file as of a day; `units` are the price keys that are understood."""
    quotes: dict[tuple[str, str], Quote] = {}
    notes: list[str] = []
    providers: set[str] = set()
    for place, provider in enumerate(parse(content), start=1):
        where = f"Provider {place}"
        slug = _text(provider, "id", where)
        if slug in providers:
            raise UnsoundSourceError(f"The provider {slug!r} is listed twice.")
        providers.add(slug)
        notes.extend(_priced_by_hour(provider, slug))
        for quote in _quotes(provider, slug, today, units):
            # Ids that differ in letter case only: the first one stands.
            quotes.setdefault(quote.key, quote)
    said = tuple(quotes.values())
    return Reading(DATASET, source_slug, title, read_on, said, url=url, notes=tuple(notes))


def _priced_by_hour(provider: Mapping[str, Any], slug: str) -> Iterator[str]:
    """Name the models of which all prices are those of certain hours."""
    for model in _models(provider, slug):
        prices = model.get("prices") if isinstance(model, dict) else None
        if isinstance(prices, list) and prices and all(map(_is_of_hours, prices)):
            yield f"{slug}/{model.get('id')}: {HOURS_ONLY}"


def _is_of_hours(item: object) -> bool:
    return isinstance(item, dict) and "start_time" in (item.get("constraint") or {})


def _models(provider: Mapping[str, Any], slug: str) -> list[Any]:
    models = provider.get("models")
    if not isinstance(models, list):
        raise UnsoundSourceError(f"Provider {slug!r} has no list of models.")
    return models


def _quotes(
    provider: Mapping[str, Any], slug: str, today: date, units: frozenset[str]
) -> Iterator[Quote]:
    seen: set[str] = set()
    for place, model in enumerate(_models(provider, slug), start=1):
        id_ = _text(model, "id", f"Provider {slug!r}, model {place}")
        where = f"{slug}/{id_}"
        if id_ in seen:
            raise UnsoundSourceError(f"{where} is listed twice.")
        seen.add(id_)
        context = model.get("context_window")
        if context is not None and (type(context) is not int or context <= 0):
            raise UnsoundSourceError(f"{where}: the context {context!r} is no number of tokens.")
        yield Quote(
            host=host_names.slug(slug),
            host_model_id=id_,
            lists=tuple(_lists(model, where, today, units)),
            host_name=host_names.name(host_names.slug(slug), str(provider.get("name") or "")),
            context=context,
            status="deprecated" if model.get("deprecated") is True else None,
            raw_id=where,
        )


def _lists(
    model: Mapping[str, Any], where: str, today: date, units: frozenset[str]
) -> Iterator[PriceList]:
    """Yield the price list in force on a day, then the announced ones."""
    conditional = model.get("prices")
    if isinstance(conditional, dict):
        conditional = [{"prices": conditional}]
    if not isinstance(conditional, list) or not conditional:
        raise UnsoundSourceError(f"{where} has no prices.")
    dated: list[tuple[date | None, Mapping[str, Any]]] = []
    note = ""
    for item in conditional:
        prices = _prices(item, where, units)
        if _is_of_hours(item):
            note = HOURS_NOTE
        else:
            dated.append((_start(item.get("constraint") or {}, where), prices))
    begun = [entry for entry in dated if entry[0] is None or entry[0] <= today] or dated[:1]
    announced = [entry for entry in dated if entry[0] is not None and entry[0] > today]
    variants = _batch_variants(model, where, units)
    for starts, prices in [*begun[-1:], *announced]:
        day = max(starts, today) if starts else today
        batch = next((p for since, p in variants if since is None or since <= day), {})
        steps = _steps(prices, batch, where)
        if any(step.stated() for step in steps):
            yield PriceList(steps, starts, None, note)


def _batch_variants(
    model: Mapping[str, Any], where: str, units: frozenset[str]
) -> list[tuple[date | None, Mapping[str, Any]]]:
    variants = model.get("price_variants") or []
    if not isinstance(variants, list):
        raise UnsoundSourceError(f"{where}: the price variants are not a list.")
    return [
        (_start(variant.get("constraint") or {}, where), _prices(variant, where, units))
        for variant in variants
        if isinstance(variant, dict) and variant.get("when") == {"processing": "batch"}
    ]


def _prices(item: object, where: str, units: frozenset[str]) -> Mapping[str, Any]:
    prices = item.get("prices") if isinstance(item, dict) else None
    if not isinstance(prices, dict):
        raise UnsoundSourceError(f"{where} has a price that is no table.")
    unknown = sorted(set(prices) - units)
    if unknown:
        raise UnsoundSourceError(f"{where} is priced in unknown units: {', '.join(unknown)}.")
    return prices


def _start(constraint: object, where: str) -> date | None:
    if constraint == {}:
        return None
    text = constraint.get("start_date") if isinstance(constraint, dict) else None
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise UnsoundSourceError(
            f"{where}: {constraint!r} is no condition that is known."
        ) from error


def _steps(prices: Mapping[str, Any], batch: Mapping[str, Any], where: str) -> tuple[Step, ...]:
    """Return the base price and the steps; a price without a step at some length keeps its own."""
    tables = [
        (name, dict(_tiers(source.get(key), where)))
        for keys, source in ((_TOKEN_KEYS, prices), (_BATCH_KEYS, batch))
        for name, key in keys.items()
    ]
    starts = sorted({0, *(start for _, table in tables for start in table)})
    return tuple(
        Step(start, **{name: _at(table, start) for name, table in tables}) for start in starts
    )


def _at(table: Mapping[int, Decimal | None], start: int) -> Decimal | None:
    return next((table[s] for s in sorted(table, reverse=True) if s <= start), None)


def _tiers(value: object, where: str) -> Iterator[tuple[int, Decimal | None]]:
    if not isinstance(value, dict):
        yield 0, price(value, where)
        return
    tiers: object = value.get("tiers")
    if "base" not in value or not isinstance(tiers, Sequence):
        raise UnsoundSourceError(f"{where} has a price with tiers but no base.")
    yield 0, price(value["base"], where)
    for tier in tiers:
        start = tier.get("start") if isinstance(tier, dict) else None
        if type(start) is not int or start <= 0:
            raise UnsoundSourceError(f"{where} has a tier that starts nowhere.")
        yield start, price(tier.get("price"), where)


def _text(row: object, key: str, where: str) -> str:
    found = row.get(key) if isinstance(row, dict) else None
    if not isinstance(found, str) or not found.strip():
        raise UnsoundSourceError(f"{where} has no {key}.")
    return found
