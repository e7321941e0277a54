"""What the columns of usage exports hold, told by the words of their names.

The names are those of the exports of OpenAI, Anthropic, OpenRouter, DeepSeek, Google
(promptTokenCount …), Cursor, GitHub Copilot, LiteLLM, Langfuse and Helicone, and their like.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache


class Role(StrEnum):
    """What a column counts or tells."""

    REQUESTS = "requests"
    INPUT = "input tokens"
    UNCACHED = "uncached input tokens"
    CACHED = "cached tokens"
    WRITTEN = "tokens written to a cache"
    WRITTEN_5M = "tokens written to a cache for 5 minutes"
    WRITTEN_1H = "tokens written to a cache for an hour"
    OUTPUT = "output tokens"
    REASONING = "reasoning tokens"
    TOTAL = "all tokens"
    OTHER_TOKENS = "other tokens"
    AMOUNT = "an amount of money"
    CURRENCY = "the currency"
    MODEL = "the model"
    HALF = "batch or tier"
    STATUS = "status"
    ID = "the id of a request"


TOKENS = (
    Role.INPUT,
    Role.UNCACHED,
    Role.CACHED,
    Role.WRITTEN,
    Role.WRITTEN_5M,
    Role.WRITTEN_1H,
    Role.OUTPUT,
    Role.REASONING,
    Role.TOTAL,
    Role.OTHER_TOKENS,
)
_TOKEN = {"token", "tokens", "tok", "toks", "tokencount"}
_IN = {"input", "inputs", "prompt", "prompts", "in", "inp", "context", "eingabe", "entrada"}
_OUT = {
    *("output", "outputs", "completion", "completions", "out", "outp", "opt"),
    *("generated", "candidates", "response", "ausgabe", "salida"),
}
_CACHE = {"cache", "cached", "caching", "cchd", "cacheread", "cachewrite"}
_WRITE = {"write", "writes", "written", "creation", "created", "wr", "cachewrite"}
_REASON = {"reasoning", "thoughts", "thinking", "thought"}
_PART = {"audio", "image", "video", "text", "tool", "rejected", "accepted", "prediction"}
_FILLING = {
    *("n", "num", "number", "of", "model", "total", "api", "count", "usage", "the"),
    *("details", "object", "values", "metrics", "azure", "open", "ai"),
}
_QUALIFYING = {"read", "hit", "miss", "with", "without", "ephemeral", "5m", "1h"}
_CALLS = {"requests", "calls", "anfragen", "aufrufe", "solicitudes"}
_NO_COUNT = {
    *("limit", "max", "average", "avg", "mean", "rate", "per", "percent", "share", "type"),
    *("time", "ms", "seconds", "latency"),
}
_MONEY = {"cost", "costs", "spend", "usd", "eur", "charge", "charged", "kosten", "usage"}
_PERIOD = {"period", "start", "end", "date", "time"}
_MODEL = (
    *("model", "modelname", "modelid", "modelpermaslug", "modelversion", "snapshotid"),
    *("billingmetric", "basemodelname", "requestmodel", "modeldeploymentname"),
)
_HALF = ("batch", "usagetype", "servicetier", "tier")
_METERS = ("lineitemusagetype", "lineitemusageamount", "pricingunit", "metername", "unitofmeasure")
_STATUS = ("kind", "status", "level", "statuscode")
_ID = ("generationid", "requestid", "id", "observationid", "traceid", "responseid")


def words(name: str) -> tuple[str, ...]:
    """Return the words of a column's name, however they are joined."""
    text = re.sub(r"\bw/o\b", "without", name[:200], flags=re.IGNORECASE)
    text = re.sub(r"\bw/", "with ", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return tuple(re.findall(r"[^\W_]+", text.casefold()))


# The same names stand in every object of a document.
@lru_cache(4096)
def role_of(name: str) -> Role | None:
    """Return what a column of this name holds, None where it is not told."""
    found = words(name)
    joined, several = "".join(found), set(found)
    if role := _told(joined):
        return role
    if several & _NO_COUNT:
        return None
    if (several & (_MONEY - {"usage"}) and not several & _PERIOD) or joined == "usage":
        return Role.AMOUNT
    is_calls = several & _CALLS or {"request", "count"} <= several
    if is_calls and several <= _CALLS | _FILLING | {"request"}:
        return Role.REQUESTS
    return _token_role(several)


def _told(joined: str) -> Role | None:
    for role, names in (
        (Role.MODEL, _MODEL),
        (Role.HALF, _HALF),
        (Role.STATUS, _STATUS),
        (Role.ID, _ID),
        (Role.CURRENCY, ("currency", "billingcurrencycode", "billingcurrency", "currencycode")),
    ):
        if joined in names:
            return role
    return None


def _token_role(found: set[str]) -> Role | None:
    if found == {"usage", "details", "total"}:
        return Role.TOTAL
    says_tokens = bool(found & _TOKEN)
    known = _IN | _OUT | _CACHE | _WRITE | _REASON | _QUALIFYING
    if not says_tokens and (not found <= known | _FILLING or not found & (known - {"with"})):
        return None
    if found & _PART:
        return Role.OTHER_TOKENS
    return token_kind(found) or (Role.OTHER_TOKENS if says_tokens else None)


def token_kind(found: set[str]) -> Role | None:
    """Return which tokens the words of a column or of a meter mean."""
    cache = bool(found & _CACHE)
    if "uncached" in found or (cache and found & {"no", "without", "miss", "non"}):
        return Role.UNCACHED
    if cache and found & _WRITE:
        return (
            Role.WRITTEN_5M if "5m" in found else Role.WRITTEN_1H if "1h" in found else Role.WRITTEN
        )
    for role, marks in (
        (Role.CACHED, _CACHE),
        (Role.REASONING, _REASON),
        (Role.OUTPUT, _OUT),
        (Role.INPUT, _IN),
        (Role.TOTAL, {"total", "all", "gesamt"}),
    ):
        if found & marks:
            return role
    return None


def recognised(names: Sequence[str]) -> int:
    """Count the names that tell what their column holds: a header has at least two."""
    return sum(role_of(name) is not None or "".join(words(name)) in _METERS for name in names)
