"""What was read in a usage file, shown before it fills in the form; nothing of it is kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from apps.calculator import contexts
from apps.calculator.bill import (
    BATCH,
    CACHED,
    DAYS,
    FROM_FILE,
    IN,
    ORIGIN,
    OUT,
    REQUESTS,
    from_fields,
)
from apps.calculator.query import CostQuery
from apps.common.errors import FieldError
from apps.common.format import count, day, number
from apps.decision.address import Problem
from apps.decision.numbers import written
from apps.engine.engine import Engine
from apps.money.api import request_usd
from apps.money.market import Market, Offer
from apps.money.workload import Workload
from apps.usage.values import Bill, ModelUsage, Usage

_MOST_ROWS = 30
_DATED = re.compile(r"-20[0-9]{2}-?[0-9]{2}-?[0-9]{2}$")


def read_back(engine: Engine, query: CostQuery, bill: Bill) -> contexts.ReadBack:
    """Return the page that says what a file holds, and carries its totals on."""
    page = _page(engine, query, bill.usage, written(round(bill.usage.days, 4)))
    return replace(
        page,
        facts=tuple(_facts(bill)),
        notes=bill.notes,
        models=tuple(_model(engine.market, bill, row) for row in bill.by_model[:_MOST_ROWS]),
        more_models=max(0, len(bill.by_model) - _MOST_ROWS),
        left_out=tuple(
            f"Line {row.number:,} (“{row.label}”) {row.reason}"
            for row in bill.left_out[:_MOST_ROWS]
        ),
        more_left_out=max(0, len(bill.left_out) - _MOST_ROWS),
    )


def read_again(
    engine: Engine, query: CostQuery, typed: Mapping[str, str], problems: Sequence[Problem]
) -> contexts.ReadBack | None:
    """Return the page once more where its period is wrong, None where anything else is."""
    if typed.get(ORIGIN) != FROM_FILE or {found.key for found in problems} != {DAYS}:
        return None
    usage = from_fields({key: text for key, text in typed.items() if key != DAYS})
    page = _page(engine, query, usage, typed[DAYS], problems[0].message)
    return replace(page, facts=tuple(_totals(usage)))


def _page(
    engine: Engine, query: CostQuery, usage: Usage, days: str, error: str = ""
) -> contexts.ReadBack:
    return contexts.ReadBack(
        action_url=query.url(engine.rulebook, "calculator:costs-bill"),
        back_url=query.url(engine.rulebook),
        hidden_inputs=(
            (ORIGIN, FROM_FILE),
            (REQUESTS, str(usage.requests)),
            (IN, str(usage.tokens_in)),
            (OUT, str(usage.tokens_out)),
            (CACHED, str(usage.tokens_cached)),
            (BATCH, str(usage.batch)),
        ),
        days=contexts.Field(DAYS, "Days in the period", "days", days, error),
        errors=(FieldError(DAYS, error),) if error else (),
    )


def _facts(bill: Bill) -> Iterator[tuple[str, str]]:
    usage = bill.usage
    yield "Period", _period(usage)
    if usage.first is not None:
        yield "Days with rows", f"{count(bill.days_with_rows)} of {count(usage.days)}"
    yield "Rows read", count(usage.rows)
    yield "Rows left out", count(len(bill.left_out))
    yield from _totals(usage)
    if written_tokens := sum(row.tokens_written for row in bill.by_model):
        yield "Of the tokens in, written to a cache", count(written_tokens)
    if bill.amount is not None:
        yield "Amount in the file", f"{number(float(bill.amount))} {bill.currency}".strip()


def _totals(usage: Usage) -> Iterator[tuple[str, str]]:
    yield "Requests", count(usage.requests)
    yield "Tokens in", f"{count(usage.tokens_in)}, {count(usage.tokens_cached)} of them cached"
    yield "Tokens out", count(usage.tokens_out)
    yield "Requests at half the price", count(usage.batch)


def _period(usage: Usage) -> str:
    if usage.first is None or usage.last is None:
        return "The file has no dates: it is taken for one month"
    return f"{day(usage.first)} to {day(usage.last)}"


def _model(market: Market, bill: Bill, row: ModelUsage) -> contexts.ReadBackModel:
    amount = None if row.amount is None else number(float(row.amount))
    return contexts.ReadBackModel(
        name=row.name or "Not named",
        requests=row.requests or None,
        tokens_in=row.tokens_in,
        tokens_cached=row.tokens_cached,
        tokens_out=row.tokens_out,
        amount="" if amount is None else f"{amount} {bill.currency}".strip(),
        usd=_computed(market, bill.usage, row),
    )


def _computed(market: Market, usage: Usage, row: ModelUsage) -> float | None:
    """Return what the tokens of a model cost at list prices, None where it has none here."""
    offer = _offer(market, row.name)
    if offer is None:
        return None
    share = (row.tokens_in + row.tokens_out) / (usage.tokens_in + usage.tokens_out)
    requests = row.requests or usage.requests * share
    tokens = row.tokens_in + row.tokens_out
    if not requests or not tokens:
        return 0.0
    uncached = row.tokens_in - row.tokens_cached
    workload = Workload(
        volume=1.0,
        tokens_in=min(row.tokens_in / requests, 1e9),
        tokens_out=min(row.tokens_out / requests, 1e9),
        cached=row.tokens_cached / row.tokens_in if row.tokens_in else 0.0,
        batch=row.tokens_batch / tokens,
        retry=0.0,
        written=min(row.tokens_written / uncached, 1.0) if uncached > 0 else 0.0,
        written_1h=row.tokens_written_1h / (row.tokens_written or 1),
    )
    return requests * request_usd(offer.price, workload)


def _offer(market: Market, name: str) -> Offer | None:
    """Return the provider's own offer of the model that an export calls by this name."""
    wanted = _slug(name)
    for candidate in market.candidates:
        if wanted == candidate.slug and candidate.offers:
            own = (
                offer
                for offer in candidate.offers
                if _slug(offer.host.name) == _slug(candidate.provider)
            )
            return next(own, candidate.offers[0])
    return None


def _slug(name: str) -> str:
    last = _DATED.sub("", name.rpartition("/")[2].casefold())
    return re.sub(r"[^a-z0-9]+", "-", last).strip("-")
