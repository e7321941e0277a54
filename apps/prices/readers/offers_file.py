"""Reads a data set of offers: a CSV table of models by host, each row naming its own source."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from apps.common.csv_cells import is_blank, without_blank_end
from apps.decision.numbers import AmbiguousNumberError, read_number
from apps.prices import host_names
from apps.prices.values import PriceList, Quote, Reading, Step, UnsoundSourceError, price

COLUMNS = {
    "model_slug",
    "host",
    "host_kind",
    "host_model_id",
    "input_usd_per_mtok",
    "output_usd_per_mtok",
    "cache_read_usd_per_mtok",
    "host_context",
    "status_or_deprecation",
    "note",
    "source",
}
_STATUS = {"": None, "active": "active", "beta": "preview", "deprecated": "deprecated"}
_KIND = {"host/cloud/lab": False, "router/reseller": True}
_DAY = re.compile(r"20\d{2}-\d{2}-\d{2}")
# A smaller model that was trained on this one's answers.
_ANOTHER_MODEL = re.compile(r"distil|qwen3-8b", re.IGNORECASE)


def read(content: bytes, read_on: date) -> tuple[Reading, ...]:
    """Return a reading for each source that the rows name.

    A source's own day counts where its name states one. Rows of one source that mean the same
    offer become one quote, the dearer price first.
    """
    found: dict[str, dict[tuple[str, str, str], Quote]] = {}
    seen: set[tuple[str, ...]] = set()
    left_out: dict[str, list[str]] = {}
    for line, row in _rows(content):
        where = f"Line {line}"
        source = row["source"].strip()
        if not source:
            raise UnsoundSourceError(f"{where} names no source.")
        name = (source, row["model_slug"], row["host"], row["host_model_id"])
        if name in seen:
            raise UnsoundSourceError(f"{where}: {row['host']}/{row['host_model_id']} stands twice.")
        seen.add(name)
        quote = _quote(row, where)
        quotes = found.setdefault(source, {})
        if _ANOTHER_MODEL.search(quote.host_model_id):
            left_out.setdefault(source, []).append(f"{quote.raw_id}: a distilled, other model.")
            continue
        key = (row["model_slug"], *quote.key)
        quotes[key] = dearer(quotes[key], quote) if key in quotes else quote
    if not found:
        raise UnsoundSourceError("The source holds no offers.")
    return tuple(
        _reading(source, read_on, tuple(quotes.values()), left_out.get(source, []))
        for source, quotes in found.items()
    )


def dearer(one: Quote, other: Quote) -> Quote:
    """Return the quote with the higher price: a bill may come out lower than told, not higher."""
    first, second = sorted((one, other), key=_sum, reverse=True)
    return replace(
        first,
        deprecated_on=first.deprecated_on or second.deprecated_on,
        status=first.status or second.status,
        context=first.context or second.context,
    )


def _sum(quote: Quote) -> tuple[bool, object]:
    if not quote.lists:
        return False, 0
    return True, sum(quote.lists[0].base.stated().values())


def _rows(content: bytes) -> Iterable[tuple[int, Mapping[str, str]]]:
    """Return the rows, each with its line; spreadsheets leave a mark at the start, blank rows."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnsoundSourceError(f"The source is not text: {error}.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if not is_blank(cells)]
    except csv.Error as error:
        raise UnsoundSourceError(f"The source is not a whole table: {error}.") from error
    names = lines[0][1] if lines else []
    header = without_blank_end(names, len([name for name in names if name.strip()]))
    missing = sorted(COLUMNS - set(header))
    if missing:
        raise UnsoundSourceError(f"The source lacks the columns {', '.join(missing)}.")
    rows = []
    for line, written in lines[1:]:
        cells = without_blank_end(written, len(header))
        if len(cells) != len(header):
            raise UnsoundSourceError(f"Line {line} has too many or too few columns.")
        rows.append((line, dict(zip(header, cells, strict=True))))
    return rows


def _quote(row: Mapping[str, str], where: str) -> Quote:
    for column in ("model_slug", "host", "host_model_id"):
        if not row[column].strip():
            raise UnsoundSourceError(f"{where} has no {column}.")
    if row["host_kind"] not in _KIND:
        raise UnsoundSourceError(f"{where}: {row['host_kind']!r} is no kind of host.")
    status, deprecated_on = _status(row["status_or_deprecation"], where)
    step = Step(
        input=price(row["input_usd_per_mtok"], where),
        output=price(row["output_usd_per_mtok"], where),
        cached=price(row["cache_read_usd_per_mtok"], where),
    )
    id_ = _id(row)
    slug = host_names.serving(row["host"], id_)
    return Quote(
        host=slug,
        host_model_id=id_,
        # Without both sides there is nothing to reckon with.
        lists=(PriceList((step,)),) if step.input and step.output else (),
        model=row["model_slug"],
        host_name=host_names.name(slug),
        is_router=_KIND[row["host_kind"]],
        context=_context(row["host_context"], where),
        status=status,
        deprecated_on=deprecated_on,
        note="Listed at 0: a free tier, a plan, or unknown." if row["note"] else "",
        raw_id=f"{row['host']}/{row['host_model_id']}",
    )


def _id(row: Mapping[str, str]) -> str:
    """Return the host's own id: litellm writes its name of the host in front."""
    host, found = row["host"], row["host_model_id"]
    if not row["source"].startswith("litellm"):
        return found
    # "bedrock_converse" and "vertex_ai-llama_models" share the prefix of their host.
    prefixes = (host, "bedrock", "vertex_ai")
    known = (
        p
        for p in prefixes
        if host_names.slug(p) == host_names.slug(host) and found.startswith(f"{p}/")
    )
    prefix = next(known, None)
    return found.removeprefix(f"{prefix}/") if prefix else found


def _status(text: str, where: str) -> tuple[str | None, date | None]:
    if text in _STATUS:
        return _STATUS[text], None
    if not _DAY.fullmatch(text):
        raise UnsoundSourceError(f"{where}: {text!r} is no status and no date.")
    try:
        return None, date.fromisoformat(text)
    except ValueError as error:
        raise UnsoundSourceError(f"{where}: {text!r} is no date.") from error


def _context(text: str, where: str) -> int | None:
    if not text:
        return None
    try:
        # Spreadsheets write whole numbers as 131072.0.
        tokens = read_number(text, whole=True)
    except AmbiguousNumberError as error:
        raise UnsoundSourceError(
            f"{where}: the context {text!r} has two meanings. {error}."
        ) from None
    except ValueError:
        tokens = Decimal(0)
    if not tokens or tokens != int(tokens):
        raise UnsoundSourceError(f"{where}: the context {text!r} is no number of tokens.")
    return int(tokens)


def _reading(source: str, read_on: date, quotes: tuple[Quote, ...], left_out: list[str]) -> Reading:
    stated = _DAY.search(source)
    name, _, rest = source.partition(" ")
    version = rest.split(" ")[0]
    slug = re.sub(r"[^a-z0-9]+", "-", f"{name} {version}".lower()).strip("-")
    return Reading(
        dataset=name,
        source_slug=slug,
        title=source,
        read_on=date.fromisoformat(stated[0]) if stated else read_on,
        quotes=quotes,
        tells_steps=False,
        notes=tuple(left_out),
    )
