"""Price sources for tests, written in the formats that a refresh reads."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from apps.catalog.models import Offer, Price
from tests import factories

TODAY = date(2026, 11, 23)

COLUMNS = (
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
)


def entry(id_: str = "model", *, input: Any = 1, output: Any = 2, **more: Any) -> dict[str, Any]:
    """Return one model with a plain price."""
    return {"id": id_, "prices": {"input_mtok": input, "output_mtok": output}} | more


def provider(*models: dict[str, Any], id_: str = "lab") -> dict[str, Any]:
    """Return a provider with its models."""
    return {"id": id_, "name": id_.title(), "models": list(models)}


def write(folder: Path, content: object, name: str = "prices.json") -> Path:
    """Write a source to a file: text and bytes as they are, everything else as JSON."""
    file = folder / name
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


def table(*rows: dict[str, Any]) -> str:
    """Return a table of offers; each row says only what it is about."""
    usual = {
        "model_slug": "model",
        "host": "lab",
        "host_kind": "host/cloud/lab",
        "host_model_id": "model",
        "input_usd_per_mtok": "1",
        "output_usd_per_mtok": "2",
        "source": "rates 1.0 ledger 2026-11-20",
    }
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(usual | row for row in rows)
    return out.getvalue()


def refresh(*options: object) -> str:
    """Run the command on the day of the tests and return what it says."""
    out = StringIO()
    words = [str(option) for option in options]
    call_command("refresh_prices", "--date", TODAY.isoformat(), *words, stdout=out)
    return out.getvalue()


def offer(id_: str = "model", host: str = "lab", **price: Any) -> Offer:
    """Return an offer of the model 'model' at a host, priced 1 and 2 since 1 November."""
    model = factories.ModelFactory._meta.model.objects.filter(slug="model").first()
    found: Offer = factories.OfferFactory.create(
        model=model or factories.ModelFactory.create(slug="model"),
        host=factories.HostFactory._meta.model.objects.filter(slug=host).first()
        or factories.HostFactory.create(slug=host),
        host_model_id=id_,
    )
    usual = {
        "valid_from": date(2026, 11, 1),
        "input": "1",
        "output": "2",
        "source__read_on": date(2026, 11, 1),
    }
    factories.PriceFactory.create(offer=found, **(usual | price))
    return found


def prices(found: Offer) -> list[tuple[str, str | None, int, str | None, str | None]]:
    """Return an offer's prices in the order of time: from, until, above, input, output."""

    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    def dollars(value: Any) -> str | None:
        return None if value is None else f"{value.normalize():f}"

    rows: Iterable[Price] = found.prices.order_by("valid_from", "above_tokens")
    return [
        (
            row.valid_from.isoformat(),
            day(row.valid_until),
            row.above_tokens,
            dollars(row.input),
            dollars(row.output),
        )
        for row in rows
    ]
