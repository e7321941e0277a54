"""Reading sources of prices: list prices as they are meant, and nothing from what is broken."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.prices import host_names
from apps.prices.readers import bundled, genai, offers_file
from apps.prices.values import PriceList, Quote, Reading, UnsoundSourceError
from tests.prices.pricing_source import TODAY, entry, provider, table

type Steps = list[tuple[int, str | None, str | None, str | None]]


def read(source: object, today: date = TODAY) -> Reading:
    content = source if isinstance(source, bytes) else json.dumps(source).encode()
    return genai.read(
        content, today, units=bundled.UNITS, read_on=today, source_slug="s", title="A source"
    )


def lists(prices: object, today: date = TODAY, **more: Any) -> tuple[PriceList, ...]:
    (quote,) = read([provider({"id": "m", "prices": prices} | more)], today).quotes
    return quote.lists


def steps(one: PriceList) -> Steps:
    def text(price: Decimal | None) -> str | None:
        return None if price is None else f"{price.normalize():f}"

    return [(s.above, text(s.input), text(s.output), text(s.cached)) for s in one.steps]


def dated(start: str | None, input_: float) -> dict[str, Any]:
    item: dict[str, Any] = {"prices": {"input_mtok": input_, "output_mtok": input_}}
    return item | ({"constraint": {"start_date": start}} if start else {})


HOURS = {
    "constraint": {"start_time": "01:00:00Z", "end_time": "04:00:00Z"},
    "prices": {"input_mtok": 9, "output_mtok": 9},
}

# The day, the conditional prices, and what is expected: (start, input) of each list.
CONDITIONS: list[tuple[str, str, list[Any], list[tuple[str | None, str]]]] = [
    ("one price", "2026-11-23", [dated(None, 1)], [(None, "1")]),
    (
        "the last that has begun",
        "2026-11-23",
        [dated(None, 1), dated("2026-10-20", 2), dated("2026-10-29", 3)],
        [("2026-10-29", "3")],
    ),
    (
        "begun today",
        "2026-11-23",
        [dated(None, 1), dated("2026-11-23", 2)],
        [("2026-11-23", "2")],
    ),
    (
        "announced",
        "2026-11-23",
        [dated(None, 1), dated("2026-11-24", 2)],
        [(None, "1"), ("2026-11-24", "2")],
    ),
    ("hours of the day belong to no day", "2026-11-23", [dated(None, 1), HOURS], [(None, "1")]),
]


@pytest.mark.parametrize(
    ("day", "prices", "expected"), [c[1:] for c in CONDITIONS], ids=[c[0] for c in CONDITIONS]
)
def test_the_list_price_of_a_day(
    day: str, prices: list[Any], expected: list[tuple[str | None, str]]
) -> None:
    found = lists(prices, date.fromisoformat(day))
    told = [(p.starts.isoformat() if p.starts else None, steps(p)[0][1]) for p in found]
    assert told == expected


def test_prices_of_certain_hours_are_noted() -> None:
    (found,) = lists([dated(None, 1), HOURS])
    assert found.note == "Other prices at certain hours."


def test_a_tier_is_a_step_and_a_flat_price_stays_in_it() -> None:
    tiered = {"base": 2, "tiers": [{"start": 272_000, "price": 4}]}
    (found,) = lists({"input_mtok": tiered, "output_mtok": 10, "cache_read_mtok": 0.1})
    assert steps(found) == [(0, "2", "10", "0.1"), (272_000, "4", "10", "0.1")]


def test_the_batch_price_is_that_of_the_same_day() -> None:
    usd = {"input_mtok": 0.5, "output_mtok": 1, "cache_read_mtok": 0.08}
    batch = {"when": {"processing": "batch"}, "prices": usd}
    flex = {"when": {"service_tier": "flex"}, "prices": {"input_mtok": 0.7, "output_mtok": 1.4}}
    later = {"constraint": {"start_date": "2027-01-01"}, "when": {"processing": "batch"}}
    variants = [later | {"prices": {"input_mtok": 5, "output_mtok": 5}}, flex, batch]
    (found,) = lists({"input_mtok": 1, "output_mtok": 2}, price_variants=variants)
    base = found.base
    assert (base.batch_in, base.batch_out) == (Decimal("0.5"), Decimal(1))
    assert base.batch_cached == Decimal("0.08")


def test_a_price_of_0_is_unknown() -> None:
    assert lists({"input_mtok": 0, "output_mtok": 0}) == ()
    (found,) = lists({"input_mtok": 1, "output_mtok": 2, "cache_read_mtok": 0})
    assert found.base.cached is None


def test_prices_of_other_things_are_no_token_prices() -> None:
    assert lists({"audio_hours": 1.2}) == ()


def test_where_only_certain_hours_are_priced_it_is_said() -> None:
    model = {"id": "m", "prices": [HOURS, HOURS]}
    found = read([provider(model, entry())])
    assert found.notes == ("lab/m: only certain hours are priced, which is no price of a day.",)
    assert [bool(quote.lists) for quote in found.quotes] == [False, True]


def test_the_price_of_writing_to_a_cache_is_kept() -> None:
    usd = {"input_mtok": 2, "output_mtok": 10, "cache_write_mtok": 2.5, "cache_write_1h_mtok": 4}
    (found,) = lists(usd)
    assert (found.base.cache_write, found.base.cache_write_1h) == (Decimal("2.5"), Decimal(4))


BROKEN: list[tuple[str, object, str]] = [
    ("a page", b"<!DOCTYPE html>\n<html>", "not whole JSON.*<!DOCTYPE html>"),
    ("cut off", json.dumps([provider(entry())]).encode()[:-9], "not whole JSON"),
    ("nothing", b"", "not whole JSON"),
    ("no text", b"\xff\xfe\x00", "not whole JSON"),
    ("an empty list", [], "an empty list"),
    ("a table", {"providers": []}, "must be a list of providers"),
    ("a provider without name", [{"models": []}], "Provider 1 has no id"),
    ("a provider that is none", ["lab"], "Provider 1 has no id"),
    ("no models", [{"id": "lab"}], "'lab' has no list of models"),
    ("a model without name", [provider({"prices": {}})], "model 1 has no id"),
    ("no prices", [provider({"id": "m"})], "lab/m has no prices"),
    ("a provider twice", [provider(), provider()], "'lab' is listed twice"),
    ("a model twice", [provider(entry(), entry())], "lab/model is listed twice"),
    ("below 0", [provider(entry(input=-1))], "lab/model: the price -1 is below 0"),
    ("a price of one token", [provider(entry(input=3e-8))], "lab/model: .* is absurd"),
    ("no number", b'[{"id":"lab","models":[{"id":"m","prices":{"input_mtok":NaN}}]}]', "NaN"),
    ("endless", b'[{"id":"lab","models":[{"id":"m","prices":{"input_mtok":1e999999}}]}]', "absurd"),
    ("a word", [provider(entry(input="free"))], "'free' is not a number"),
    ("yes", [provider(entry(input=True))], "True is not a number"),
    (
        "unknown units",
        [provider({"id": "m", "prices": {"input_ktok": 1}})],
        "lab/m is priced in unknown units: input_ktok",
    ),
    (
        "a condition that nobody knows",
        [provider({"id": "m", "prices": [{"constraint": {"moon": "full"}, "prices": {}}]})],
        "no condition that is known",
    ),
    (
        "a day that is none",
        [provider({"id": "m", "prices": [dated("2026-13-01", 1)]})],
        "no condition that is known",
    ),
    (
        "a tier without start",
        [provider(entry(input={"base": 1, "tiers": [{"price": 2}]}))],
        "a tier that starts nowhere",
    ),
    ("tiers without base", [provider(entry(input={"tiers": []}))], "tiers but no base"),
    ("a context of 0", [provider(entry(context_window=0))], "context 0 is no number of tokens"),
]


@pytest.mark.parametrize(("source", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_broken_source_is_refused_with_a_sentence(source: object, words: str) -> None:
    with pytest.raises(UnsoundSourceError, match=words):
        read(source)


def test_the_installed_prices_are_sound() -> None:
    found = read(bundled.content(), date(2026, 11, 22))
    quotes = {quote.raw_id: quote for quote in found.quotes}
    assert len(quotes) > 2_000
    sol = quotes["openai/gpt-6.1-sol"].lists[0]
    assert [step[:3] for step in steps(sol)] == [(0, "2", "10"), (272_000, "4", "15")]
    now, announced = quotes["google/gemini-4-argon"].lists
    assert (steps(now)[0][1], steps(announced)[0][1]) == ("2", "4")
    assert announced.starts == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("id_", "plain"),
    [
        ("o3-2025-04-16", "o3"),
        ("claude-sonnet-4@20250514", "claude-sonnet-4"),
        ("claude-sonnet-4-20250514", "claude-sonnet-4"),
        ("glm-5.3:free", "glm-5.3:free"),
        ("kimi-k3-fast", "kimi-k3-fast"),
        ("kimi-k3@eu", "kimi-k3@eu"),
        ("us.amazon.nova-2-lite-v1:0", "us.amazon.nova-2-lite-v1:0"),
        ("mistral-large-2512", "mistral-large-2512"),
        ("deepseek-v4-pro-0813", "deepseek-v4-pro-0813"),
        ("model-20261399", "model-20261399"),
    ],
)
def test_only_a_date_is_taken_off_an_id(id_: str, plain: str) -> None:
    assert host_names.without_date(id_) == plain


@pytest.mark.parametrize(
    ("host", "id_", "slug"),
    [
        ("azure_ai", "FW-GLM-5.3", "azure-fireworks"),
        ("azure_ai", "deepseek-v4-pro", "azure"),
        ("fireworks", "FW-GLM-5.3", "fireworks-ai"),
    ],
)
def test_what_fireworks_serves_inside_azure_is_not_azures(host: str, id_: str, slug: str) -> None:
    assert host_names.serving(host, id_) == slug


# Tables of offers


def offers(*rows: dict[str, Any]) -> dict[str, dict[str, Quote]]:
    found = offers_file.read(table(*rows).encode(), TODAY)
    return {r.source_slug: {q.host_model_id: q for q in r.quotes} for r in found}


def test_each_source_of_a_table_is_a_reading_with_its_own_day() -> None:
    found = offers_file.read(table({}, {"source": "litellm 1.2.3"}).encode(), TODAY)
    told = [(r.dataset, r.source_slug, r.read_on) for r in found]
    assert told == [
        ("rates", "rates-1-0", date(2026, 11, 20)),
        ("litellm", "litellm-1-2-3", TODAY),
    ]


def test_spellings_of_a_host_become_one() -> None:
    rows = [{"host": "together_ai", "host_model_id": "together_ai/m", "source": "litellm 1"}]
    ((quote,),) = (found.values() for found in offers(*rows).values())
    assert (quote.host, quote.host_model_id) == ("together-ai", "m")


def test_a_hosts_own_prefix_stays_where_the_source_adds_none() -> None:
    (found,) = offers({"host": "nvidia", "host_model_id": "nvidia/nemotron"}).values()
    assert list(found) == ["nvidia/nemotron"]


def test_rows_that_mean_one_offer_become_the_dearer_one() -> None:
    rows = [
        {"host": "lab", "host_model_id": "m", "source": "litellm 1"},
        {
            "host": "lab",
            "host_model_id": "lab/m",
            "source": "litellm 1",
            "output_usd_per_mtok": "3",
        },
    ]
    ((quote,),) = (found.values() for found in offers(*rows).values())
    assert quote.lists[0].base.output == Decimal(3)


@pytest.mark.parametrize(
    ("text", "status", "ends"),
    [
        ("", None, None),
        ("active", "active", None),
        ("beta", "preview", None),
        ("deprecated", "deprecated", None),
        ("2026-12-01", None, date(2026, 12, 1)),
    ],
)
def test_the_status_is_a_word_or_the_last_day(
    text: str, status: str | None, ends: date | None
) -> None:
    (found,) = offers({"status_or_deprecation": text}).values()
    (quote,) = found.values()
    assert (quote.status, quote.deprecated_on) == (status, ends)


def test_a_zero_price_is_no_price_and_told() -> None:
    (found,) = offers(
        {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "note": "zero price dropped"}
    ).values()
    assert found["model"].lists == ()
    assert found["model"].note == "Listed at 0: a free tier, a plan, or unknown."


def test_a_smaller_model_trained_on_it_is_left_out_and_told() -> None:
    found = offers_file.read(
        table({}, {"host_model_id": "deepseek-r1-distill-qwen3-8b"}).encode(), TODAY
    )
    assert [q.host_model_id for q in found[0].quotes] == ["model"]
    assert found[0].notes == ("lab/deepseek-r1-distill-qwen3-8b: a distilled, other model.",)


@pytest.mark.parametrize(
    "content",
    [
        table({"host_context": "131072"}),
        "\ufeff" + table({"host_context": "131072"}),
        table({"host_context": "131072.0"}),
        table({"host_context": "131,072"}),
        table({"host_context": "131072"}) + "\r\n" + "," * 10 + "\r\n",
        table({"host_context": "131072"}).replace("\r\n", ",\r\n"),
    ],
    ids=["plain", "a mark", "a float", "parted", "blank rows", "a comma at the end of each line"],
)
def test_what_spreadsheets_leave_in_a_table_changes_nothing(content: str) -> None:
    ((quote,),) = (found.quotes for found in offers_file.read(content.encode(), TODAY))
    assert (quote.host_model_id, quote.context) == ("model", 131_072)


BROKEN_TABLES: list[tuple[str, str | bytes, str]] = [
    ("a page", "<html></html>", "lacks the columns"),
    ("no rows", table(), "holds no offers"),
    ("nothing", "", "lacks the columns"),
    ("no text", b"\xff\xfe", "is not text"),
    ("another format", '[{"id":"lab","name":"a"}]', "is not a whole table"),
    ("cut off", table({})[:-30], "too many or too few columns"),
    ("a price below 0", table({"input_usd_per_mtok": "-1"}), "Line 2: the price -1 is below 0"),
    ("a price that is none", table({"input_usd_per_mtok": "NaN"}), "'NaN' is not a number"),
    ("a price of one token", table({"input_usd_per_mtok": "0.00000003"}), "Line 2: .* is absurd"),
    ("below blank rows", table({}) + "\r\n\r\nx,y\r\n", "Line 5 has too many or too few"),
    ("two meanings", table({"host_context": "131.072"}), "Write 131072 or 131,072"),
    ("a strange host", table({"host_kind": "friend"}), "'friend' is no kind of host"),
    ("a strange status", table({"status_or_deprecation": "soon"}), "'soon' is no status"),
    ("a strange day", table({"status_or_deprecation": "2026-02-30"}), "is no date"),
    ("a strange context", table({"host_context": "big"}), "no number of tokens"),
    ("no source", table({"source": ""}), "names no source"),
    ("no id", table({"host_model_id": " "}), "has no host_model_id"),
    ("the same row twice", table({}, {}), "lab/model stands twice"),
]


@pytest.mark.parametrize(
    ("content", "words"), [b[1:] for b in BROKEN_TABLES], ids=[b[0] for b in BROKEN_TABLES]
)
def test_a_broken_table_is_refused_with_a_sentence(content: str | bytes, words: str) -> None:
    given = content.encode() if isinstance(content, str) else content
    with pytest.raises(UnsoundSourceError, match=words):
        offers_file.read(given, TODAY)
