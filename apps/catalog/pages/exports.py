"""The filtered catalog for programs and spreadsheets; keys are only ever added."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.urls import reverse

from apps.catalog.pages.facets import Selection
from apps.catalog.snapshot import Entry
from apps.common.format import iso
from apps.money.market import Rights

type Value = str | float | bool | tuple[str, ...] | None

FORMAT = 1

# Key, value; None (null, an empty cell) means unknown, except where a fact cannot apply.
FIELDS: tuple[tuple[str, Callable[[Entry], Value]], ...] = (
    ("slug", lambda e: e.slug),
    ("name", lambda e: e.name),
    ("provider", lambda e: e.provider_slug),
    ("provider_name", lambda e: e.provider),
    ("openness", lambda e: e.openness),
    ("license", lambda e: e.license or None),
    ("rights", lambda e: None if e.rights == Rights.UNKNOWN else e.rights),
    ("license_clause", lambda e: e.clause or None),
    ("status", lambda e: e.status),
    ("release_date", lambda e: iso(e.released) or None),
    ("retirement_date", lambda e: iso(e.retirement_date) or None),
    ("successor", lambda e: e.successor or None),
    ("context_tokens", lambda e: e.context_tokens),
    ("max_output_tokens", lambda e: e.max_output_tokens),
    ("params_total_b", lambda e: e.params_b),
    ("params_active_b", lambda e: e.active_b),
    ("reads", lambda e: e.reads or None),
    ("writes", lambda e: e.writes or None),
    ("tools", lambda e: e.tools),
    ("structured_output", lambda e: e.structured_output),
    ("reasoning", lambda e: e.reasoning),
    ("knowledge_cutoff", lambda e: e.knowledge_cutoff or None),
    ("hf_repo", lambda e: e.hf_repo or None),
    ("served_bits", lambda e: e.served_bits),
    ("memory_gb", lambda e: None if e.need_gb is None else round(e.need_gb, 1)),
    ("input_usd_per_million", lambda e: e.input_usd),
    ("output_usd_per_million", lambda e: e.output_usd),
    ("price_host", lambda e: e.price.host if e.price else None),
    ("price_is_router", lambda e: e.price.is_router if e.price else None),
    ("hosts", lambda e: e.hosts),
    ("checked_on", lambda e: iso(e.checked_on)),
)


def record(entry: Entry, page_url: Callable[[str], str]) -> dict[str, Value]:
    """Return a model for programs."""
    url = page_url(reverse("catalog:detail", args=[entry.slug]))
    return {key: value(entry) for key, value in FIELDS} | {"url": url}


def document(selection: Selection, next_url: str, page_url: Callable[[str], str]) -> dict[str, Any]:
    """Return a page of models for programs, with the address of the next."""
    return {
        "models": [record(entry, page_url) for entry in selection.page()],
        "next": page_url(next_url) if next_url else None,
        "total": selection.total,
        "as_of": iso(selection.index.snapshot.read_on) or None,
    }


def csv_rows(selection: Selection, page_url: Callable[[str], str]) -> Iterator[Iterable[Value]]:
    """Yield the header and a row for every model that is found."""
    yield [*(key for key, _ in FIELDS), "url"]
    for entry in selection.all():
        yield record(entry, page_url).values()
