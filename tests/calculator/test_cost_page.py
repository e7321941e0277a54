"""The cost page: every input in the address, five options, and the same numbers everywhere."""

import csv
import json
import re
from io import StringIO
from itertools import product
from typing import Any

import pytest
from django.test import Client

from apps.catalog.models import Model
from apps.common.format import usd
from apps.money.options import OPTIONS
from apps.rules.models import Assumption
from tests.method import ASSUMPTIONS
from tests.visiting import RESULT, WHOLE, Query, Shown, parts, shown, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

COSTS, JSON, CSV = "/costs/", "/costs.json", "/costs.csv"
WORK: Query = {"volume": "100k", "tokens_in": "1,500", "tokens_out": "400", "at": "2026-11-22"}
PICKED: Query = {**WORK, "closed": "claude-opus-5-5", "open": "gpt-oss-120b", "gpu": "h100"}
QUERIES: list[Query] = [
    {},
    WORK,
    {**WORK, "need": "150"},
    {
        **WORK,
        "need": "gpt-oss-120b",
        "growth": "0.05",
        "cached": "0.5",
        "batch": "20 %",
        "reasoning": "3",
    },
    {**PICKED, "bits": "8", "option": "self-cloud"},
    {"volume": "1", "tokens_in": "0", "tokens_out": "1"},
    {"volume": "1B", "tokens_in": "10M", "tokens_out": "10M", "traffic": "spiky"},
    {**WORK, "boundary": "own-premises", "scope": "part"},
    {**WORK, "modality": "live-av"},
    {**WORK, "at": "2026-01-01"},
]
WITH_QUERIES = pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))


def found(client: Client, query: Query) -> Any:
    response = client.get(url(JSON, query))
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def lines(client: Client, query: Query) -> list[dict[str, str]]:
    response = client.get(url(CSV, query))
    assert response.status_code == 200
    return list(csv.DictReader(StringIO(response.getvalue().decode())))


# One computation


@WITH_QUERIES
def test_the_page_the_json_and_the_spreadsheet_say_the_same(client: Client, query: Query) -> None:
    page, document = shown(client, url(COSTS, query)), found(client, query)
    rows = page.all("tr", role="row")[1:]
    assert len(rows) == len(OPTIONS)
    sheet = {(line["option"], line["item"]): line for line in lines(client, query)}
    for row, option in zip(rows, document["options"], strict=True):
        assert option["name"] in row.text
        for item in ("low", "expected", "high"):
            value = option["monthly_usd"][item]
            line = sheet[option["option"], item]
            assert option["shown"][item] == usd(value) == line["shown"]
            assert (line["value"] or None) == (None if value is None else str(value))
            assert line["as_of"] == document["at"]
            if value is not None:
                assert usd(value) in row.text


@WITH_QUERIES
def test_every_pictures_table_holds_its_numbers(client: Client, query: Query) -> None:
    page, document = shown(client, url(COSTS, query)), found(client, query)
    text = page.one("main").text
    for point in document["curve"]:
        for band in point["monthly_usd"].values():
            assert all(usd(value) in text for value in band.values() if value is not None)
    for block in document["gpus"]:
        for step in block["steps"]:
            assert usd(step["month_usd"]) in text
    for swing in document["moves_most"]["inputs"]:
        assert usd(swing["low"]["month_usd"]) in text
        assert usd(swing["high"]["month_usd"]) in text
    for total in document["totals"]:
        for part in ("tokens", "gpus", "infra", "people", "setup", "total_usd"):
            assert total[part] is None or usd(total[part]) in text
    for row in document["regret"]:
        assert all(usd(cell["month_usd"]) in text for cell in row["at"] if cell["month_usd"])


def test_each_picture_has_a_sentence_and_a_table(client: Client) -> None:
    page = shown(client, url(COSTS, PICKED))
    pictures = [tag for tag in page.all("div", class_="plot") if tag["role"] == "img"]
    # The curve, a staircase rented and one owned, the levers, and 12 and 36 months.
    assert len(pictures) == 6
    text = page.one("main").text
    for picture in pictures:
        assert picture["aria-label"] in text
    assert len(page.all("table")) >= len(pictures)


@WITH_QUERIES
def test_a_month_is_the_sum_of_what_it_buys(client: Client, query: Query) -> None:
    for option in found(client, query)["options"]:
        expected = option["monthly_usd"]["expected"]
        if expected is not None:
            made = option["people_usd"] + sum(part["month_usd"] for part in option["parts"])
            assert expected == pytest.approx(made)


def test_more_requests_never_cost_less(client: Client) -> None:
    # At one capability that is stated: in a recommendation the stakes may change the model.
    for query in QUERIES[:8]:
        curve = found(client, query)["curve"]
        for option in OPTIONS:
            amounts = [p["monthly_usd"][option]["expected"] for p in curve]
            known = [amount for amount in amounts if amount is not None]
            assert known == sorted(known)


@pytest.mark.parametrize(
    ("key", "values", "falls"),
    [
        ("tokens_in", ["100", "2000", "90k"], False),
        ("tokens_out", ["10", "900", "5000"], False),
        ("cached", ["0", "0.4", "0.95"], True),
        ("batch", ["0", "0.5", "1"], True),
        ("retry", ["0", "0.2", "0.5"], False),
    ],
)
def test_an_api_costs_more_with_tokens_and_less_with_caches_and_batches(
    client: Client, key: str, values: list[str], falls: bool
) -> None:
    for place in (0, 1):
        options = [found(client, {**WORK, key: value})["options"][place] for value in values]
        amounts = [option["monthly_usd"]["expected"] for option in options]
        assert amounts == sorted(amounts, reverse=falls)


def test_a_recommendation_and_its_cost_page_are_about_one_workload(client: Client) -> None:
    result = shown(client, url(RESULT, WHOLE))
    page = shown(client, result.link("Change every input on the cost page"))
    workload = "200,000 requests a day of 1,500 tokens in and 400 out, 4.2 times the mean"
    assert workload in result.text
    assert workload in page.text
    # There the model that is worth most for the work, here the cheapest of one capability.
    assert "the suitable current model that is worth most for this work" in result.text
    assert "the cheapest suitable current model of ECI" in page.text
    back, answers = parts(page.link("Use this workload in a decision"))
    assert back == RESULT
    assert shown(client, page.link("Use this workload in a decision")).heading == result.heading
    assert answers["volume"] == ["200000"]


# The address


def test_every_input_travels_in_the_address(client: Client) -> None:
    query = {**PICKED, "bits": "8", "option": "hybrid", "need": "141", "growth": "0.1"}
    query |= {"traffic": "steady", "modality": "images", "salary": "90k", "boundary": "contract"}
    page = shown(client, url(COSTS, query))
    for label in ("JSON", "CSV"):
        _, travelled = parts(page.link(label))
        assert travelled == {
            "volume": ["100000"],
            "size": ["custom"],
            "tokens_in": ["1500"],
            "tokens_out": ["400"],
            "traffic": ["steady"],
            "modality": ["images"],
            "boundary": ["contract"],
            "growth": ["0.1"],
            "salary": ["90000"],
            "closed": ["claude-opus-5-5"],
            "open": ["gpt-oss-120b"],
            "gpu": ["h100"],
            "bits": ["8"],
            "at": ["2026-11-22"],
            "need": ["141"],
            "option": ["hybrid"],
        }


def test_the_order_of_the_inputs_changes_nothing(client: Client) -> None:
    turned = dict(reversed(list(PICKED.items())))
    assert found(client, PICKED) == found(client, turned)


def test_what_is_picked_rides_through_the_recommendation(client: Client) -> None:
    answers = {**WHOLE, "open": "gpt-oss-120b", "gpu": "h100", "at": "2026-12-15", "growth": "0.1"}
    page = shown(client, url(RESULT, answers))
    assert "Open model: gpt-oss-120b" in page.one("main").text
    assert "15 December 2026" in page.one("main").text
    _, travelled = parts(page.link("Change every input on the cost page"))
    assert {key: travelled[key] for key in ("open", "gpu", "at", "growth")} == {
        "open": ["gpt-oss-120b"],
        "gpu": ["h100"],
        "at": ["2026-12-15"],
        "growth": ["0.1"],
    }


def test_every_assumption_has_default_unit_range_source_and_date(client: Client) -> None:
    page = shown(client, COSTS)
    rows = {row.key: row for row in Assumption.objects.all()}
    assert rows.keys() == ASSUMPTIONS.keys()
    table = page.one("table", class_="assumptions").text
    for key, row in rows.items():
        field = page.by_id(key)
        assert field["name"] == key
        assert row.label in table
        assert row.unit in table
        assert row.source in table
        assert f"{row.low:,.10g} to {row.high:,.10g}" in table
        assert str(row.as_of.year) in table


def test_one_assumption_or_all_go_back_to_the_default_in_one_step(client: Client) -> None:
    page = shown(client, url(COSTS, WORK, retry="0.2", salary="90k", gpu="h100"))
    one = next(tag["href"] for tag in page.all("a") if tag.text.startswith("Reset to the default"))
    _, left = parts(one)
    assert len({"retry", "salary"} & left.keys()) == 1
    assert left["gpu"] == ["h100"]
    _, rest = parts(page.link("Back to all defaults"))
    assert rest.keys() == {"volume", "size", "tokens_in", "tokens_out"}


def test_without_an_address_there_is_a_starting_point(client: Client) -> None:
    work = found(client, {})["workload"]
    assert (work["volume"], work["tokens_in"], work["tokens_out"]) == (100_000, 1500, 400)
    assert (work["peak"], work["modality"]) == (4.2, "text")
    # No weights of one's own: most teams get by with prompts.
    for option in found(client, {})["options"][:2]:
        assert option["parts"][0]["hosts"] > 1


# Like with like


@pytest.mark.parametrize("need", ["120", "140", "150", "160"])
def test_all_options_are_compared_at_one_capability_and_it_is_said_at_the_top(
    client: Client, need: str
) -> None:
    page = shown(client, url(COSTS, WORK, need=need))
    assert f"current model of ECI {need} or above" in page.text
    assert page.by_id("need")["value"] == need
    for option in found(client, {**WORK, "need": need})["options"]:
        for part in option["parts"]:
            lacks = part["eci"] < float(need) and part["role"] != "rest"
            assert ("capability" in part["lacks"]) is lacks


def test_as_good_as_a_known_model_is_that_models_index(client: Client) -> None:
    work = found(client, {**WORK, "need": "gpt-oss-120b"})["workload"]
    assert (
        work["need"]
        == found(client, {**WORK, "open": "gpt-oss-120b"})["options"][1]["parts"][0]["eci"]
    )
    page = shown(client, url(COSTS, WORK, need="gpt-oss-120b"))
    assert page.by_id("need")["value"] == "gpt-oss-120b"
    assert f"ECI {work['need']:.0f} or above" in page.text


def test_bills_and_people_are_told_apart_and_people_can_be_left_out(client: Client) -> None:
    with_people, bills = found(client, WORK)["options"], found(client, {**WORK, "people": "0"})
    for option, alone in zip(with_people, bills["options"], strict=True):
        assert option["people_usd"] == pytest.approx(option["people_fte"] * 180_000 / 12)
        whole = option["bills_usd"] + option["people_usd"]
        assert option["monthly_usd"]["expected"] == pytest.approx(whole)
        assert alone["people_usd"] == 0
        assert alone["monthly_usd"]["expected"] == alone["bills_usd"]
    # One person in twenty for a closed API: the method's base.
    assert with_people[0]["people_fte"] == 0.05
    # A fleet that is rented takes .4, and .02 for each of its GPUs.
    (rented,) = with_people[2]["parts"]
    assert with_people[2]["people_fte"] == pytest.approx(0.4 + 0.02 * rented["gpus"])


def test_an_api_is_priced_at_the_median_of_the_hosts_that_count(client: Client) -> None:
    page, options = shown(client, url(COSTS, WORK)), found(client, WORK)["options"][:2]
    for option in options:
        (part,) = option["parts"]
        low, high = part["request_usd_range"]
        assert low <= part["request_usd"] <= high
        assert part["cheapest_request_usd"] <= low
        assert part["host"] in page.text
        assert f"the median of {part['hosts']} hosts that count" in page.text
    # A host that signs nothing and trains on traffic counts no longer once that is asked.
    (strict,) = found(client, {**WORK, "boundary": "contract"})["options"][1]["parts"]
    assert strict["hosts"] < options[1]["parts"][0]["hosts"]


def test_what_own_hardware_is_to_buy_is_told(client: Client) -> None:
    (part,) = found(client, PICKED)["options"][3]["parts"]
    text = shown(client, url(COSTS, PICKED)).text
    assert f"{part['gpus']} × NVIDIA H100" in text
    assert "before the first day at" in text
    assert "a month over 36 months" in text
    owned = shown(client, url(COSTS, PICKED, owned_gpus="1")).text
    assert "(1 are there already)" in owned


def test_a_break_even_has_its_range(client: Client) -> None:
    for even in found(client, WORK)["break_evens"]:
        early, late = even["range"]
        if even["volume"] is None:
            assert late is None
            continue
        assert early <= even["volume"]
        assert late is None or even["volume"] <= late


def test_countries_can_be_avoided(client: Client) -> None:
    makers = dict(Model.objects.values_list("slug", "provider__country"))

    def countries(**more: str) -> set[str]:
        options = found(client, {**WORK, **more})["options"]
        return {makers[part["model"]] for option in options for part in option["parts"]}

    assert "US" in countries()
    avoided = countries(avoid="US")
    assert avoided
    assert "US" not in avoided


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"volume": "1"}, "For 1 request a day of"),
        ({"volume": "1"}, "0.1 requests a day × 365/12"),
        ({"volume": "1"}, "The least that is taken"),
        ({"volume": "1B"}, "The most that is taken"),
        ({"volume": "1000", "spare": "0"}, "One GPU carries up to"),
        ({"salary": "0"}, "People are taken to cost nothing."),
        ({"people": "0"}, "People are left out of every amount."),
        ({"gpu": "l40s"}, "Open model on rented GPUs Its cost is unknown"),
        (
            {"connection": "never"},
            "Open model on your own hardware is the only option that is left",
        ),
        ({"connection": "never"}, "Ruled out here: Closed API and Open model on rented GPUs."),
        ({"modality": "live-av"}, "the other way round never. Not like with like: see above."),
        ({"reasoning": "5"}, "and 5 tokens are billed for each one out"),
    ],
)
def test_the_sentences_hold_at_the_ends(client: Client, query: Query, sentence: str) -> None:
    page = shown(client, url(COSTS, {"at": "2026-11-22", **query}))
    assert sentence in " ".join(page.one("main").text.split())


def test_where_like_is_not_alike_the_page_says_so(client: Client) -> None:
    page = shown(client, url(COSTS, WORK, need="150", open="gpt-oss-20b"))
    assert (
        "not alike: gpt-oss-20b is the nearest; its ECI is 138, and 150 is asked for" in page.text
    )


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ({}, True),
        ({"boundary": "own-premises", "scope": "all"}, False),
        ({"modality": "live-av"}, False),
    ],
)
def test_a_break_even_is_marked_only_between_what_is_compared(
    client: Client, query: Query, marked: bool
) -> None:
    page = shown(client, url(COSTS, {**WORK, **query}))
    circles = page.by_id("curve").inside("circle")
    assert any(circle["class"] == "plot-ring" for circle in circles) is marked


def test_no_router_is_priced(client: Client) -> None:
    for need, modality in product(("120", "140", "155"), ("text", "images")):
        for option in found(client, {**WORK, "need": need, "modality": modality})["options"]:
            assert not any(part.get("is_router") for part in option["parts"])


# Prices at a date


@pytest.mark.parametrize(
    ("day", "price_in", "price_out"),
    [("2026-12-31", 0.75, 3.75), ("2027-01-01", 1.5, 7.5)],
)
def test_a_scheduled_price_counts_from_its_day(
    client: Client, day: str, price_in: float, price_out: float
) -> None:
    asked = {**WORK, "at": day, "model": "gemini-3-8-flash"}
    assert found(client, asked)["at"] == day
    api = found(client, asked)["api"]
    assert (api["price_in"], api["price_out"]) == (price_in, price_out)


def test_an_announced_change_is_named(client: Client) -> None:
    text = shown(client, url(COSTS, WORK, closed="gemini-3-8-flash")).text
    assert "Announced: from 1 January 2027 Gemini 3.8 Flash" in text
    assert "costs $1.50 in and $7.50 out a million tokens" in text


def test_a_request_above_a_step_pays_the_step_whole(client: Client) -> None:
    asked = {"volume": "1", "tokens_out": "0", "retry": "0", "model": "claude-haiku-5-5"}
    below = found(client, {**asked, "tokens_in": "100000"})["api"]["per_request_usd"]
    above = found(client, {**asked, "tokens_in": "200000"})["api"]["per_request_usd"]
    assert below == pytest.approx(0.01)
    assert above == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # half of 10,000 · $0.30 and 1,000 · $2.50
        (
            {"model": "gemini-3-5-flash-lite", "tokens_in": "10000", "tokens_out": "1000"},
            0.00275,
        ),
        # in batches $0.15, and a twentieth of the tokens is not cached; of the two hosts the
        # cheaper one asks $0.015 for the cached ones
        (
            {
                "model": "gemini-3-5-flash-lite",
                "tokens_in": "100000",
                "tokens_out": "0",
                "cached": "0.95",
            },
            0.002175,
        ),
        # three of its four hosts are not known to sell batches, nor is the median then
        ({"model": "grok-4-7", "tokens_in": "10000", "tokens_out": "1000"}, None),
        # the median host is not known to sell batches
        ({"model": "deepseek-v4-pro", "tokens_in": "10000", "tokens_out": "1000"}, None),
    ],
)
def test_a_batch_costs_what_the_host_asks_for_it(
    client: Client, asked: dict[str, str], expected: float | None
) -> None:
    work = {**asked, "volume": "1", "retry": "0", "reasoning": "1"}
    one_by_one = found(client, work)["api"]["per_request_usd"]
    batched = found(client, {**work, "batch": "1"})["api"]["per_request_usd"]
    assert batched == pytest.approx(one_by_one if expected is None else expected)


@pytest.mark.parametrize(
    ("share", "for_an_hour", "times"), [("1", "0", 1.25), ("1", "1", 2), ("0.5", "0.5", 1.3125)]
)
def test_tokens_written_to_a_cache_pay_what_the_list_says(
    client: Client, share: str, for_an_hour: str, times: float
) -> None:
    work = {"model": "claude-opus-5-5", "tokens_in": "1000000", "tokens_out": "0", "volume": "1"}
    written = {"cache_write": share, "cache_write_1h": for_an_hour, "retry": "0"}
    api = found(client, {**work, **written})["api"]
    assert api["per_request_usd"] == pytest.approx(times * api["price_in"])


# GPUs


def test_idle_gpus_are_named_in_money(client: Client) -> None:
    document = found(client, PICKED)
    text = shown(client, url(COSTS, PICKED)).one("main").text
    for option in document["options"][2:4]:
        (part,) = option["parts"]
        assert part["gpu"] == "h100"
        assert part["idle_usd"] == pytest.approx(part["gpu_usd"] * (1 - part["utilisation"]))
        assert f"{usd(part['idle_usd'])} of {usd(part['gpu_usd'])} a month buys idle hours" in text


def test_no_saving_is_claimed_beyond_what_the_stated_gpus_carry(client: Client) -> None:
    for query in QUERIES:
        for block in found(client, query)["gpus"]:
            (today,) = [step for step in block["steps"] if step["is_today"]]
            volume = found(client, query)["workload"]["volume"]
            assert today["up_to"] is None or today["above"] <= volume <= today["up_to"] * 1.000001


def test_a_measured_speed_and_an_estimated_one_are_told_apart(client: Client) -> None:
    measured = shown(client, url(COSTS, PICKED)).one("main").text
    assert "Speed measured." in measured
    estimated = shown(client, url(COSTS, {**PICKED, "bits": "16"})).one("main").text
    assert "Speed or memory estimated, ½ to 2×." in estimated


# What is wrong


WRONG = {
    "volume": ("lots", "Requests a day must be a number, like 20,000, 250k or 1.5M"),
    "tokens_in": ("-1", "Tokens in must be a number"),
    "tokens_out": ("10M1", "Tokens out must be a number"),
    "traffic": ("never", "is not one of the answers"),
    "need": ("high", "Capability to compare at: “high” is not one that can be priced"),
    "closed": ("gpt-4o", "Closed model: “gpt-4o” is not one that can be priced"),
    "gpu": ("tpu", "GPU: “tpu” is not one that can be priced"),
    "bits": ("99", "Precision must be between 1 and 32"),
    "at": ("soon", "Day of the prices must be one day, written like 2026-12-01"),
    "efficiency": ("7", "must be between 0.05 and 1"),
    "growth": ("0.3", "must be between 0 and 0.2"),
    "option": ("cloud", "Option: “cloud” is not one of the five"),
}


@pytest.mark.parametrize("key", WRONG)
def test_a_wrong_input_is_named_at_its_field_and_what_was_typed_stays(
    client: Client, key: str
) -> None:
    typed, says = WRONG[key]
    response = client.get(url(COSTS, WORK, **{key: typed}))
    assert response.status_code == 422
    page = Shown(response.content.decode())
    assert page.title.startswith("Error: ")
    summary = page.one("div", class_="error-summary")
    assert says in summary.text
    assert f"#{key}" in [tag["href"] for tag in page.all("a")]
    field = page.by_id(key)
    assert field["aria-invalid"] == "true"
    if field.name == "input":
        assert field["value"] == typed
    assert says in page.by_id(f"{key}-error").text
    # Nothing is computed from a wrong input.
    assert not page.all("table", class_="money")


@pytest.mark.parametrize("path", [JSON, CSV])
@pytest.mark.parametrize("key", WRONG)
def test_a_program_gets_what_is_wrong_by_field(client: Client, key: str, path: str) -> None:
    typed, says = WRONG[key]
    response = client.get(url(path, WORK, **{key: typed}))
    assert response.status_code == 422
    errors = json.loads(response.content)["errors"]
    assert errors.keys() == {key}
    assert says in errors[key]


@pytest.mark.parametrize("path", [COSTS, JSON, CSV])
@pytest.mark.parametrize(
    "query",
    [
        "volume=" + "9" * 400,
        "volume=1e99",
        "volume=%00",
        "volume=%FF%FE",
        "volume=1&volume=2",
        "tokens_in=0&tokens_out=0",
        "closed=" + "a" * 5000,
        "at=0000-00-00",
        "at=2026-02-30",
        "gpu=<script>alert(1)</script>",
        "peak=nan&retry=inf&salary=-0",
        "bits=NaN",
        "option=closed-api&option=hybrid",
        "price_in=nan&layers=1.5&vram_gb=0",
        "&&&==;;",
    ],
)
def test_hostile_addresses_get_a_sentence_and_never_a_failure(
    client: Client, path: str, query: str
) -> None:
    response = client.get(f"{path}?{query}")
    assert response.status_code in {200, 422}
    if response["Content-Type"].startswith("text/html"):
        assert b"<script>alert" not in response.content


def test_the_answer_to_a_wrong_swap_is_the_form_and_no_place_to_go_back_to(client: Client) -> None:
    headers = {"HX-Request": "true"}
    wrong = client.get(url(COSTS, WORK, volume="x"), headers=headers)
    assert (wrong.status_code, wrong["HX-Push-Url"]) == (422, "false")
    right = client.get(url(COSTS, WORK), headers=headers)
    assert right["HX-Push-Url"].startswith("/costs/?volume=100000")
    body = right.content.decode()
    assert "<html" not in body
    assert 'id="costs"' in body
    assert re.search(r"Cheapest: [^<]+ a month\.", body)


def test_the_page_sets_no_cookie(client: Client) -> None:
    for path in (COSTS, JSON, CSV):
        assert not client.get(url(path, WORK)).cookies
