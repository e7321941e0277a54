"""'Bring your bill': a month's requests and tokens, typed in or read from a usage file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.http import HttpRequest

from apps.calculator import contexts
from apps.calculator.query import CostQuery
from apps.common.format import mean, requests
from apps.decision.address import Problem, Reading, group, read_whole, read_within
from apps.decision.numbers import written
from apps.decision.rulebook import QuestionKind
from apps.decision.vocabulary import CUSTOM
from apps.engine.engine import Engine
from apps.money.workload import DAYS_PER_MONTH
from apps.usage.file import MAX_BYTES, MAX_DAYS, UnreadableUsageError, Usage, read_bill
from apps.usage.values import Bill

FILE = "usage"
REQUESTS, IN, OUT, CACHED = "bill_requests", "bill_in", "bill_out", "bill_cached"
BATCH, DAYS = "bill_batch", "bill_days"
# Tells the totals that were read in a file from those that were typed.
ORIGIN, FROM_FILE = "bill_origin", "file"
# Label, unit and whether it may be left empty.
_FIELDS = {
    REQUESTS: ("Requests in the month", "requests"),
    IN: ("Tokens in, all requests together", "tokens"),
    OUT: ("Tokens out, all requests together", "tokens"),
    CACHED: ("Of the tokens in, read from a cache", "tokens, empty if none"),
    BATCH: ("Of the requests, at half the price", "batch or flex, empty if none"),
    DAYS: ("Days in the period", "empty for a month"),
}
_MOST = 10**15
# What a form holds beside its file.
_FORM_BYTES = 20_000


class BillError(Exception):
    """A bill that cannot be read; each problem is shown at its field."""

    def __init__(self, problems: Sequence[Problem], *, is_unread: bool = False) -> None:
        """Keep the problems; `is_unread` tells that not even the form was read."""
        super().__init__(*(found.message for found in problems))
        self.problems = tuple(problems)
        self.is_unread = is_unread


def bill_form(
    engine: Engine, query: CostQuery, typed: Mapping[str, str], problems: Sequence[Problem]
) -> contexts.BillForm:
    """Return the form; the rest of the inputs ride along in the address that it is sent to."""
    wrong = {found.key: found.message for found in problems}
    return contexts.BillForm(
        action_url=query.url(engine.rulebook, "calculator:costs-bill"),
        fields=tuple(
            contexts.Field(
                key, label, unit, typed.get(key, "") if wrong else "", wrong.get(key, "")
            )
            for key, (label, unit) in _FIELDS.items()
        ),
        file_error=wrong.get(FILE, ""),
    )


def usage_of(request: HttpRequest) -> Usage | Bill:
    """Return the totals that a form brings, or what its file holds, which is forgotten after.

    Raises BillError with a problem at each field that is wrong.
    """
    # Looked at before the body is: a file of any size would be taken into memory.
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) > MAX_BYTES + _FORM_BYTES:
        message = f"The file is larger than {MAX_BYTES // 10**6} MB: export fewer months, or by day"
        raise BillError([Problem(FILE, "", message)], is_unread=True)
    upload = request.FILES.get(FILE)
    if upload is None:
        return from_fields(request.POST.dict())
    reading = Reading(group(request.POST.dict().items()))
    requests = _read(reading, REQUESTS, low=1)
    if reading.problems:
        raise BillError(reading.problems)
    try:
        return read_bill(upload.read(), requests)
    except UnreadableUsageError as error:
        raise BillError([Problem(FILE, "", str(error))]) from None


def _read(reading: Reading, key: str, *, low: int = 0, required: bool = False) -> int | None:
    reader = partial(read_whole, _FIELDS[key][0], low=low, high=_MOST)
    return reading.read(key, reader, required=required)


def from_fields(typed: Mapping[str, str]) -> Usage:
    """Return the totals that were typed; raises BillError."""
    reading = Reading(group(typed.items()))
    requests = _read(reading, REQUESTS, low=1, required=True) or 0
    tokens_in, tokens_out = (_read(reading, key, required=True) or 0 for key in (IN, OUT))
    cached = _read(reading, CACHED) or 0
    batch = _read(reading, BATCH) or 0
    days = reading.read(DAYS, partial(read_within, _FIELDS[DAYS][0], low=1, high=MAX_DAYS))
    if not reading.problems and batch > requests:
        reading.refuse(BATCH, (), "The requests at half the price cannot be more than all requests")
    if not reading.problems and tokens_in + tokens_out == 0:
        reading.refuse(IN, ("0",), "Tokens in and tokens out cannot both be 0")
    if not reading.problems and cached > tokens_in:
        reading.refuse(CACHED, (), "The cached tokens cannot be more than all tokens in")
    if reading.problems:
        raise BillError(reading.problems)
    return Usage(
        requests=requests,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        tokens_cached=cached,
        first=None,
        last=None,
        days=days or DAYS_PER_MONTH,
        rows=0,
        batch=batch,
        models=(),
    )


def prefilled(engine: Engine, query: CostQuery, usage: Usage) -> CostQuery:
    """Return the query with the workload of a bill: what a request is on average.

    Raises BillError where the averages lie outside what the page takes.
    """
    number, size = (
        engine.rulebook.of_kind(QuestionKind.NUMBER),
        engine.rulebook.of_kind(QuestionKind.SIZE),
    )
    volume = usage.requests_per_day
    tokens = (usage.tokens_in_per_request, usage.tokens_out_per_request)
    if volume > number.high or max(tokens) > size.high:
        message = (
            f"These numbers come to {requests(volume)} a day of {mean(tokens[0])} tokens in and "
            f"{mean(tokens[1])} out, which the page does not take"
        )
        raise BillError([Problem(REQUESTS, "", message)])
    assumptions = dict(query.answers.assumptions)
    for key, share in (("cached", usage.cached_share), ("batch", usage.batch_share)):
        row = next((row for row in engine.rulebook.assumptions if row.key == key), None)
        if row is None:
            continue
        assumptions.pop(key, None)
        value = round(min(max(share, row.low), row.high), 6)
        if value != row.default:
            assumptions[key] = value
    answers = replace(query.answers, tokens=tokens, assumptions=assumptions)
    answers = answers.replace(number.key, written(volume)).replace(size.key, CUSTOM)
    return replace(query, answers=answers)
