"""A CSV file is shown before anything is written, and written whole or not at all."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.catalog.models import Model, Price
from apps.editing import audit
from tests.factories import ModelFactory, OfferFactory, PriceFactory, ProviderFactory, SourceFactory
from tests.recorded import comments

pytestmark = pytest.mark.django_db


def upload(client: Client, content: str | bytes, table: str = "model") -> Any:
    content = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile("rows.csv", content, "text/csv")
    return client.post(reverse(f"admin:catalog_{table}_import"), {"file": file})


def confirm(client: Client, page: Any, table: str = "model") -> Any:
    data = {"text": page.context["text"], "token": page.context["plan"].token, "confirm": "1"}
    return client.post(reverse(f"admin:catalog_{table}_import"), data)


def export(client: Client, table: str = "model") -> str:
    page: Any = client.get(reverse(f"admin:catalog_{table}_export"))
    return b"".join(page.streaming_content).decode()


def test_the_preview_shows_added_changed_and_refused_and_writes_nothing(
    admin_client: Client,
) -> None:
    ModelFactory.create(slug="known", access="old")
    ProviderFactory.create(slug="maker")
    SourceFactory.create(slug="paper")
    header = "slug,name,provider,openness,license,access,status,checked_on,source,context_tokens\n"
    page = upload(
        admin_client,
        header
        + "known,Known,maker,open-weight,unknown,new,current,2026-11-22,paper,\n"
        + "fresh,Fresh,maker,closed,,API,current,2026-11-22,paper,8192\n"
        + "wrong,Wrong,nobody,closed,,API,current,2026-11-22,paper,8192\n"
        + "zero,Zero,maker,closed,,API,current,2026-11-22,paper,0\n"
        + "bare,Bare,maker,open-weight,,API,current,2026-11-22,paper,1\n"
        + "known,Again,maker,closed,,API,current,2026-11-22,paper,1\n"
        + "short,Short\n",
    )
    plan = page.context["plan"]
    assert [row.name for row in plan.added] == ["fresh"]
    (changed,) = plan.changed
    assert ("access", "old", "new") in [(x.field, x.old, x.new) for x in changed.lines]
    reasons = {row.number: " ".join(row.reasons) for row in plan.refused}
    assert "provider: there is no provider 'nobody'." in reasons[4]
    assert "The context must be above 0 tokens." in reasons[5]
    assert "An open model needs its licence." in reasons[6]
    assert "It names the same row as line 2." in reasons[7]
    assert "It has 2 cells, the header has 10." in reasons[8]
    assert 'name="confirm"' not in page.text
    assert "rows changed since" in confirm(admin_client, page).text
    assert Model.objects.get().access == "old"


def test_a_whole_number_is_never_read_a_thousand_times_off(admin_client: Client) -> None:
    # As a spreadsheet writes whole numbers, and as half the world parts thousands.
    ModelFactory.create(slug="first", context_tokens=8_192)
    ModelFactory.create(slug="second", context_tokens=8_192)
    page = upload(admin_client, "slug,context_tokens\nfirst,131072.0\nsecond,128.000\n")
    (changed,), (refused,) = page.context["plan"].changed, page.context["plan"].refused
    assert changed.form.cleaned_data["context_tokens"] == 131_072
    assert "Write 128000 or 128,000" in refused.reasons[0]


def test_a_day_that_can_be_two_is_refused_with_both(admin_client: Client) -> None:
    ModelFactory.create(slug="known")
    page = upload(admin_client, "slug,release_date\nknown,05/06/2024\n")
    (refused,) = page.context["plan"].refused
    assert "can be 2024-05-06 or 2024-06-05" in refused.reasons[0]


def test_blank_columns_and_rows_at_the_end_say_nothing(admin_client: Client) -> None:
    ModelFactory.create(slug="known", access="old")
    page = upload(admin_client, "slug,access,\nknown,new,\n, ,\n\n")
    (changed,) = page.context["plan"].rows
    assert (changed.number, changed.kind) == (2, "changed")


def test_a_confirmed_file_is_written_and_kept_once(admin_client: Client) -> None:
    model = ModelFactory.create(slug="known", access="old")
    page = upload(admin_client, "slug,access,tools\nknown,new,yes\n")
    assert 'name="confirm"' in page.text
    assert Model.objects.get().access == "old"
    assert confirm(admin_client, page).status_code == 302
    model.refresh_from_db()
    assert (model.access, model.tools) == ("new", True)
    told = [("–", audit.FOUND), ("admin", "Imported from a CSV file.")]
    assert comments(model) == told
    again = confirm(admin_client, page)
    assert "Nothing was written" in again.text
    assert comments(model) == told
    assert "nothing to write" in upload(admin_client, "slug,access\nknown,new\n").text


def test_a_row_changed_meanwhile_is_shown_again(admin_client: Client) -> None:
    ModelFactory.create(slug="known", access="old")
    page = upload(admin_client, "slug,access\nknown,new\n")
    Model.objects.update(access="theirs")
    again = confirm(admin_client, page)
    assert again.context["plan"].changed[0].lines[0].old == "theirs"
    assert Model.objects.get().access == "theirs"
    assert confirm(admin_client, again).status_code == 302
    assert Model.objects.get().access == "new"


def test_lines_that_contradict_each_other_write_nothing(admin_client: Client) -> None:
    offer = OfferFactory.create()
    start = f"{offer.model.slug},{offer.host.slug},{offer.host_model_id}"
    ProviderFactory.create(slug="maker")
    page = upload(
        admin_client,
        "model,host,host_model_id,valid_from,above_tokens,input,source\n"
        f"{start},2026-11-01,0,1.5,{offer.source.slug}\n"
        f"{start},2026-11-01,00,1.5,{offer.source.slug}\n",
        "price",
    )
    assert len(page.context["plan"].added) == 2
    assert "contradict each other" in confirm(admin_client, page, "price").text
    assert not Price.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The submitted file is empty."),
        ("\n\n", "The file is empty."),
        ("name,access\nx,y\n", "The column slug is missing."),
        ("slug,colour\nx,y\n", "There is no column &#x27;colour&#x27;."),
        ("slug,access,access\nx,y,z\n", "A column stands in the header twice."),
        ("slug,access\nx,größe\n".encode("latin-1"), "The file is not in UTF-8"),
        (b"PK\x03\x04\0\0slug", "The file is not a CSV file."),
        ('slug,access\nx,"y\n', "is not CSV"),
        ("slug\n" + "x\n" * 5_001, "more than 5,000 rows"),
        ("slug\n" + "x" * 1_000_001, "larger than 1 MB"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_file_that_cannot_be_read_says_why(
    admin_client: Client, content: str | bytes, sentence: str
) -> None:
    page = upload(admin_client, content)
    assert page.status_code == 200
    assert page.context["plan"] is None
    assert sentence in page.text


@pytest.mark.parametrize("table", ["model", "offer", "price"])
def test_what_was_exported_changes_nothing_when_it_comes_back(
    admin_client: Client, table: str
) -> None:
    PriceFactory.create(input="0.075")
    ModelFactory.create(license=None, tools=False, notes="two\nlines, and a 'quote'")
    ModelFactory.create(openness="closed", license=None)
    plan = upload(admin_client, export(admin_client, table), table).context["plan"]
    assert plan.same
    assert [plan.added, plan.changed, plan.refused] == [[], [], []]


def test_lines_that_change_nothing_cost_no_query_of_their_own(admin_client: Client) -> None:
    counts = []
    for total in (2, 12):
        PriceFactory.create_batch(total - Price.objects.count())
        text = export(admin_client, "price")
        with CaptureQueriesContext(connection) as queries:
            assert len(upload(admin_client, text, "price").context["plan"].same) == total
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "\t=1", "\n=1"])
def test_no_cell_runs_as_a_formula(admin_client: Client, text: str) -> None:
    ModelFactory.create(slug="risky", access=text)
    (row,) = csv.DictReader(io.StringIO(export(admin_client)))
    assert row["access"][0] == "'"
    assert row["access"][1:] == text
    plan = upload(admin_client, export(admin_client)).context["plan"]
    assert not plan.refused


def test_a_forged_preview_writes_nothing(admin_client: Client) -> None:
    url = reverse("admin:catalog_model_import")
    page = admin_client.post(url, {"text": "forged", "token": "x", "confirm": "1"})
    assert "Choose the file again." in page.text


def test_a_spreadsheets_byte_order_mark_and_semicolons_are_read(admin_client: Client) -> None:
    ModelFactory.create(slug="known", access="old")
    page = upload(admin_client, "\ufeffslug;access\r\nknown;new\r\n".encode())
    assert len(page.context["plan"].changed) == 1
