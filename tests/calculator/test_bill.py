"""'Bring your bill': a month's numbers or a usage file fill in the form, and nothing is kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from apps.usage.file import MAX_BYTES
from tests.visiting import Shown, parts, shown, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

BILL = "/costs/bill/"
TYPED = {
    "bill_requests": "3.65M",
    "bill_in": "7,300,000,000",
    "bill_out": "1825M",
    "bill_cached": "",
}
# Two days of 100,000 requests each, with 2,000 tokens in, half of them cached, and 500 out.
OPENAI = (
    "start_time_iso,model,num_model_requests,input_tokens,input_cached_tokens,output_tokens\n"
    "2026-10-01T00:00:00,gpt-6-1-sol,100000,200000000,100000000,50000000\n"
    "2026-10-02T00:00:00,gpt-6-1-sol,100000,200000000,100000000,50000000\n"
)
ANTHROPIC = (
    "usage_date_utc,model_version,usage_type,usage_input_tokens_no_cache,"
    "usage_input_tokens_cache_write_5m,usage_input_tokens_cache_read,usage_output_tokens\n"
    "2026-10-01,claude-opus-5-5,standard,1000000,0,0,100000\n"
)


def file(content: str | bytes, name: str = "usage.csv") -> SimpleUploadedFile:
    data = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, data, content_type="text/csv")


def filled(client: Client, data: dict[str, Any], address: str = BILL) -> dict[str, list[str]]:
    response = client.post(address, data)
    if "usage" in data and response.status_code == 200:
        # What was read is shown first; its form carries the totals on.
        read = Shown(response.content.decode())
        form = next(tag for tag in read.all("form") if tag["method"] == "post")
        totals = {tag["name"]: tag["value"] for tag in read.all("input") if "bill_" in tag["name"]}
        response = client.post(form["action"], totals)
    assert response.status_code == 303, response.content.decode()[:3000]
    path, query = parts(response["Location"])
    assert path == "/costs/"
    return query


def refused(client: Client, data: dict[str, Any]) -> Shown:
    response = client.post(BILL, data)
    assert response.status_code == 422
    return Shown(response.content.decode())


def test_a_typed_month_becomes_a_mean_day_and_a_mean_request(client: Client) -> None:
    # 3.65 million requests in 365/12 days are 120,000 a day.
    assert filled(client, TYPED) == {
        "volume": ["120000"],
        "size": ["custom"],
        "tokens_in": ["2000"],
        "tokens_out": ["500"],
    }
    cached = filled(client, {**TYPED, "bill_cached": "1825M"})
    assert cached["cached"] == ["0.25"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # 10 requests in 365/12 days, 20.5 and 1.4 tokens a request: no total is rounded away.
        (("10", "5M", "100k"), ("0.328767123288", "500000", "10000")),
        (("1M", "1.4M", "1.4M"), ("32876.7123288", "1.4", "1.4")),
        (("1M", "20.5M", "500k"), ("32876.7123288", "20.5", "0.5")),
    ],
)
def test_the_totals_of_a_small_month_are_kept(
    client: Client, typed: tuple[str, str, str], expected: tuple[str, str, str]
) -> None:
    data = dict(zip(("bill_requests", "bill_in", "bill_out"), typed, strict=True))
    found = filled(client, data)
    assert tuple(found[key][0] for key in ("volume", "tokens_in", "tokens_out")) == expected
    page = json.loads(client.get(url("/costs.json", found)).content)
    assert page["workload"]["volume"] == float(expected[0])


def test_a_usage_file_fills_in_the_form(client: Client) -> None:
    assert filled(client, {"usage": file(OPENAI)}) == {
        "volume": ["100000"],
        "size": ["custom"],
        "tokens_in": ["2000"],
        "tokens_out": ["500"],
        "cached": ["0.5"],
    }


def test_a_file_is_read_back_before_it_fills_in_the_form(client: Client) -> None:
    content = OPENAI.replace("gpt-6-1-sol", "claude-opus-5-5") + "Total,,9,9,9,9\n"
    page = Shown(client.post(BILL, {"usage": file(content)}).content.decode())
    text = page.one("main").text
    for said in (
        "1 October 2026 to 2 October 2026",
        "2 of 2",
        "400,000,000, 200,000,000 of them cached",
        "Line 4 (“Total”) is labelled as a sum",
        "claude-opus-5-5",
    ):
        assert said in text
    assert page.by_id("bill_days")["value"] == "2"


def test_the_period_of_a_bill_can_be_changed(client: Client) -> None:
    found = filled(client, {**TYPED, "bill_days": "73", "bill_batch": "1,825,000"})
    # 3.65 million requests in 73 days, half of them at half the price.
    assert (found["volume"], found["batch"]) == (["50000"], ["0.5"])
    page = refused(client, {**TYPED, "bill_days": "400"})
    assert "between 1 and 366" in page.by_id("bill_days-error").text


@pytest.mark.parametrize("days", ["400", "0", "a month", "-1"])
def test_a_wrong_period_is_asked_for_again_beside_what_was_read(client: Client, days: str) -> None:
    read = Shown(client.post(BILL, {"usage": file(OPENAI)}).content.decode())
    totals = {tag["name"]: tag["value"] for tag in read.all("input") if "bill_" in tag["name"]}
    page = refused(client, {**totals, "bill_days": days})
    assert "Your bill as it was read" in page.one("h1").text
    assert page.by_id("bill_days")["value"] == days
    assert page.by_id("bill_days-error").text
    again = {tag["name"]: tag["value"] for tag in page.all("input") if "bill_" in tag["name"]}
    assert filled(client, {**again, "bill_days": "2"}) == filled(client, totals)


def test_what_was_written_to_a_cache_is_computed_at_its_own_price(client: Client) -> None:
    content = (
        "date,model,requests,input_tokens,cache_creation_5m,cache_creation_1h,output_tokens\n"
        "2026-10-01,claude-opus-5-5,1,0,1000000,1000000,0\n"
    )
    page = Shown(client.post(BILL, {"usage": file(content)}).content.decode())
    # $4 a million tokens in: 1.25 times as much for five minutes, twice for an hour.
    assert "$13" in page.one("table").text
    assert "2,000,000" in page.one("main").text


def test_a_file_without_requests_takes_the_number_that_is_typed(client: Client) -> None:
    page = refused(client, {"usage": file(ANTHROPIC)})
    assert "requests" in page.by_id("usage-error").text
    found = filled(client, {"usage": file(ANTHROPIC), "bill_requests": "500"})
    assert (found["volume"], found["tokens_in"], found["tokens_out"]) == (
        ["500"],
        ["2000"],
        ["200"],
    )


def test_the_other_inputs_stay(client: Client) -> None:
    page = shown(client, url("/costs/", {"need": "150", "gpu": "h100", "cached": "0.9"}))
    action = next(tag["action"] for tag in page.all("form") if tag["method"] == "post")
    found = filled(client, {"usage": file(OPENAI)}, action)
    assert (found["need"], found["gpu"], found["cached"]) == (["150"], ["h100"], ["0.5"])


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"bill_requests": ""}, "bill_requests", "Enter requests in the month as one number"),
        ({"bill_requests": "0"}, "bill_requests", "must be between 1 and"),
        ({"bill_requests": "some"}, "bill_requests", "must be a whole number"),
        ({"bill_in": "-5"}, "bill_in", "must be a whole number"),
        ({"bill_in": "0", "bill_out": "0"}, "bill_in", "cannot both be 0"),
        ({"bill_cached": "9 zillion"}, "bill_cached", "must be a whole number"),
        ({"bill_cached": "8,000M"}, "bill_cached", "cannot be more than all tokens in"),
        ({"bill_requests": "1"}, "bill_requests", "which the page does not take"),
    ],
)
def test_a_wrong_number_is_named_at_its_field_and_what_was_typed_stays(
    client: Client, changed: dict[str, str], field: str, says: str
) -> None:
    page = refused(client, {**TYPED, **changed})
    assert says in page.by_id(f"{field}-error").text
    assert says in page.one("div", class_="error-summary").text
    for key, value in {**TYPED, **changed}.items():
        assert page.by_id(key)["value"] == value
    # The costs of the address are still there.
    assert page.all("table", class_="money")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04..[Content_Types].xml..", "Excel"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x00\x01\x02\x03" * 9, ""),
        (b'{"data": []}', "JSON"),
        (b"name,city\nA,B\n", "column"),
        (OPENAI.replace("200000000", "lots").encode(), "lots"),
    ],
)
def test_a_wrong_file_gets_a_sentence(client: Client, content: bytes, says: str) -> None:
    page = refused(client, {"usage": file(content)})
    assert says in page.by_id("usage-error").text
    assert page.by_id("usage")["aria-invalid"] == "true"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(client: Client) -> None:
    page = refused(client, {"usage": file(b"x" * (MAX_BYTES + 30_000)), **TYPED})
    assert "larger than 5 MB" in page.by_id("usage-error").text


def test_no_file_reaches_a_disk_and_nothing_is_kept(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    # The usual handlers would write everything above one byte to that folder.
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    response = client.post(BILL, {"usage": file(OPENAI)})
    assert response.status_code == 200
    assert list(tmp_path.iterdir()) == []
    assert not response.cookies
    again = json.loads(client.get("/costs.json").content)
    assert again["workload"]["tokens_in"] == 1500


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"garbage", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b"--x\r\nContent-Disposition: form-data; name=usage", "multipart/form-data; boundary=x"),
        (b"\xff\xfe" * 99, "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"", "text/plain"),
    ],
)
def test_a_body_that_is_no_form_gets_an_answer(client: Client, body: bytes, kind: str) -> None:
    assert client.post(BILL, data=body, content_type=kind).status_code in {400, 422}


def test_no_token_is_asked_for_because_no_cookie_is_set() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(BILL, TYPED).status_code == 303


def test_the_address_of_the_form_leads_back_to_the_page(client: Client) -> None:
    response = client.get(url(BILL, {"volume": "5000"}))
    assert response.status_code == 302
    assert response["Location"] == "/costs/?volume=5000"
    assert client.put(BILL).status_code == 405


def test_a_dot_that_may_part_thousands_is_asked_about(client: Client) -> None:
    page = refused(client, {**TYPED, "bill_requests": "100.000"})
    assert "Write 100000 or 100,000" in page.text


def test_thousands_may_be_parted_with_apostrophes(client: Client) -> None:
    typed = {**TYPED, "bill_requests": "3’650’000"}
    assert filled(client, typed) == filled(client, TYPED)
