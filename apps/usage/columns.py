"""The columns of usage exports, by the names that providers give them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from apps.usage.table import UnreadableUsageError, fold, short

_REQUESTS = (
    "num_model_requests",
    "n_requests",
    "requests",
    "request_count",
    "num_requests",
    "calls",
)
# Cached tokens are part of these, as OpenAI and OpenRouter count.
_INPUT = (
    "input_tokens",
    "n_context_tokens_total",
    "prompt_tokens",
    "tokens_prompt",
    "tokens_in",
)
# Cached tokens are beside these, as Anthropic counts.
_UNCACHED = ("usage_input_tokens_no_cache", "uncached_input_tokens")
_CACHED = (
    "input_cached_tokens",
    "cached_tokens",
    "tokens_cached",
    "cached_input_tokens",
    "cache_read_input_tokens",
    "usage_input_tokens_cache_read",
)
_WRITTEN = ("usage_input_tokens_cache_write", "cache_creation_input_tokens")
_WRITTEN_5M = ("usage_input_tokens_cache_write_5m",)
_WRITTEN_1H = ("usage_input_tokens_cache_write_1h",)
# Reasoning tokens are part of these: a column of them beside it is not added.
_OUTPUT = (
    "output_tokens",
    "n_generated_tokens_total",
    "completion_tokens",
    "tokens_completion",
    "tokens_out",
    "usage_output_tokens",
)
_START = (
    "start_time",
    "start_time_iso",
    "usage_date_utc",
    "usage_date",
    "date",
    "created_at",
    "timestamp",
    "day",
)
_END = ("end_time", "end_time_iso")
_MODEL = ("model", "model_permaslug", "model_version", "snapshot_id")
_BATCH = ("batch", "usage_type", "service_tier")
_ONE_REQUEST = ("generation_id", "request_id")
_COUNTED = (_REQUESTS, _INPUT, _UNCACHED, _CACHED, _WRITTEN, _WRITTEN_5M, _WRITTEN_1H, _OUTPUT)
_TOLD = (_START, _END, _MODEL, _BATCH, _ONE_REQUEST)

KNOWN = frozenset(fold(name) for names in (*_COUNTED, *_TOLD) for name in names)
_SHOWN = 8
_VALUE = re.compile(r"[0-9][0-9.,:/TZ+\- ]*")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands, None where the file has none; the `input` columns are added up.

    `one_each` tells that each row is one request, `last_needed` the place that it must reach.
    """

    requests: int | None
    one_each: bool
    input: tuple[int, ...]
    cached: int | None
    output: int
    start: int | None
    end: int | None
    model: int | None
    batch: tuple[int, ...]
    last_needed: int


def find_columns(names: tuple[str, ...]) -> Columns:
    """Find the columns of a table; raises UnreadableUsageError where tokens cannot be counted."""
    header = _Header(names)
    if not header.places.keys() & KNOWN and any(map(_VALUE.fullmatch, names)):
        raise UnreadableUsageError(
            "The first line holds values instead of column names; export the file with its header."
        )
    requests, output, cached = map(header.only, (_REQUESTS, _OUTPUT, _CACHED))
    inputs = _inputs(header, cached)
    lacking = {
        "input tokens": () if inputs else (*_INPUT, _UNCACHED[0]),
        "output tokens": _OUTPUT if output is None else (),
    }
    if output is None or not inputs:
        raise UnreadableUsageError(_lack(names, lacking))
    start = header.first(_START)
    needed = (requests, *inputs, cached, output, start)
    return Columns(
        requests=requests,
        one_each=requests is None and bool(header.every(_ONE_REQUEST)),
        input=inputs,
        cached=cached,
        output=output,
        start=start,
        end=header.first(_END),
        model=header.first(_MODEL),
        batch=header.every(_BATCH),
        last_needed=max(place for place in needed if place is not None),
    )


def requests_lacking(names: tuple[str, ...]) -> UnreadableUsageError:
    """Return the error of a file without requests, where no number was typed in beside it."""
    return UnreadableUsageError(
        f"{_lack(names, {'requests': _REQUESTS})} "
        "Type the number of requests in its period beside it, and choose the file again."
    )


class _Header:
    """The places of the columns by folded name."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.places: dict[str, list[int]] = {}
        for place, name in enumerate(names):
            self.places.setdefault(fold(name), []).append(place)

    def every(self, known: tuple[str, ...]) -> tuple[int, ...]:
        """Return all the columns of these names, in the order of the names."""
        return tuple(place for name in known for place in self.places.get(fold(name), ()))

    def first(self, known: tuple[str, ...]) -> int | None:
        """Return the column that has the first of these names, where any has."""
        return next(iter(self.every(known)), None)

    def only(self, known: tuple[str, ...]) -> int | None:
        """Return the one column of these names: of two, either would count alone."""
        found = sorted(self.every(known))
        if len(found) > 1:
            first, second = (f"“{short(self.names[place])}”" for place in found[:2])
            raise UnreadableUsageError(
                f"The columns {first} and {second} count the same thing; remove one of them."
            )
        return found[0] if found else None


def _inputs(header: _Header, cached: int | None) -> tuple[int, ...]:
    """Return the columns that add up to all input tokens, cached ones included."""
    whole, uncached = header.only(_INPUT), header.only(_UNCACHED)
    # Written for five minutes and for an hour are two numbers, unless one column holds both.
    written = {header.only(_WRITTEN + _WRITTEN_5M), header.only(_WRITTEN + _WRITTEN_1H)}
    # Beside tokens written to a cache, Anthropic's input_tokens are those that no cache touched.
    anthropic = whole is not None and fold(header.names[whole]) == fold(_INPUT[0])
    if uncached is None and anthropic and written != {None}:
        whole, uncached = None, whole
    if whole is not None:
        return (whole,)
    if uncached is None:
        return ()
    return tuple(sorted(place for place in {uncached, cached, *written} if place is not None))


def _lack(names: tuple[str, ...], lacking: Mapping[str, tuple[str, ...]]) -> str:
    """Say which columns were looked for and which the file has."""
    missing = " and ".join(
        f"no column of {what} (looked for {', '.join(known)})"
        for what, known in lacking.items()
        if known
    )
    filled = [f"“{short(name)}”" for name in names if name]
    more = len(filled) - _SHOWN
    shown = ", ".join(filled[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"The file has {missing}. Its columns are {shown}."
