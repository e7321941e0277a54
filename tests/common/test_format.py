"""Numbers and dates as people read them."""

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common import format as text
from apps.common.templatetags import fmt

UNKNOWN_WRITERS: list[Callable[[None], str]] = [
    text.usd,
    text.count,
    text.short_count,
    text.share,
    text.points,
    text.signed_points,
    text.tokens,
    text.params,
    text.day,
]
UNKNOWN_FILTERS: list[Callable[[None], str]] = [
    fmt.usd,
    fmt.count,
    fmt.short_count,
    fmt.share,
    fmt.points,
    fmt.signed_points,
    fmt.tokens,
    fmt.params,
    fmt.day,
]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12_700, "$12,700"),
        (12_650, "$12,700"),
        (12_749.99, "$12,700"),
        (1_234_567, "$1,230,000"),
        (999_499_999, "$999,000,000"),
        (999_500_000, "$1 billion"),
        (303_000_000_000, "$303 billion"),
        (3_130_000_000_000_000, "$3,130 trillion"),
        (999.6, "$1,000"),
        (183.4, "$183"),
        (100, "$100"),
        (99.96, "$100"),
        (12.34, "$12.30"),
        (15, "$15"),
        (2.92, "$2.92"),
        (1.5, "$1.50"),
        (0.9999, "$1"),
        (0.2, "$0.20"),
        (0.0037, "$0.0037"),
        (0.00371234, "$0.00371"),
        (0.000012345, "$0.0000123"),
        (0, "$0"),
        (-1790, "−$1,790"),
        (Decimal("2.50"), "$2.50"),
    ],
)
def test_dollars_have_three_significant_digits(value: float, expected: str) -> None:
    assert text.usd(value) == expected


def test_dollars_say_for_what_they_are() -> None:
    assert text.usd(1280, "month") == "$1,280 a month"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1200, 4800, "$1,200–$4,800"),
        (0.1, 0.4, "$0.10–$0.40"),
        (1200, 1201, "$1,200"),
        (None, 4800, "–"),
        (1200, None, "–"),
        (1200, math.inf, "–"),
    ],
)
def test_a_band_has_two_ends_or_is_unknown(
    low: float | None, high: float | None, expected: str
) -> None:
    assert text.usd_band(low, high) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "0"), (7, "7"), (1628, "1,628"), (1_500_000, "1,500,000"), (2.6, "3"), (-0.2, "0")],
)
def test_counts_have_separators(value: float, expected: str) -> None:
    assert text.count(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (250_000, "250,000"),
        (1_000_000, "1 million"),
        (1_500_000, "1.5 million"),
        (12_345_678, "12.3 million"),
        (999_999_999, "1 billion"),
        (1_000_000_000, "1 billion"),
        (0, "0"),
    ],
)
def test_large_counts_are_words(value: float, expected: str) -> None:
    assert text.short_count(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0%"),
        (0.004, "<1%"),
        (0.005, "1%"),
        (0.62, "62%"),
        (0.625, "63%"),
        (0.285, "29%"),
        (0.994, "99%"),
        (0.996, ">99%"),
        (1, "100%"),
    ],
)
def test_shares_are_per_cent_and_never_round_to_none_or_all(value: float, expected: str) -> None:
    assert text.share(value) == expected


@pytest.mark.parametrize(
    ("value", "plain", "signed"),
    [
        (62.44, "62.4", "+62.4"),
        (100, "100.0", "+100.0"),
        (-2.04, "−2.0", "−2.0"),
        (0, "0.0", "0.0"),
        (0.04, "0.0", "0.0"),
        (-0.04, "0.0", "0.0"),
    ],
)
def test_points_have_one_decimal(value: float, plain: str, signed: str) -> None:
    assert (text.points(value), text.signed_points(value)) == (plain, signed)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (512, "512"),
        (8192, "8,192"),
        (131_072, "131k"),
        (200_000, "200k"),
        (999_999, "1M"),
        (1_048_576, "1.05M"),
        (10_000_000, "10M"),
    ],
)
def test_tokens_read_as_on_model_cards(value: int, expected: str) -> None:
    assert text.tokens(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.6, "0.6B"), (3.8, "3.8B"), (70, "70B"), (116.8, "117B"), (1040, "1,040B")],
)
def test_parameters_are_billions(value: float, expected: str) -> None:
    assert text.params(value) == expected


def test_a_day_is_written_for_people_and_for_machines() -> None:
    at = date(2026, 11, 3)
    assert text.day(at) == "3 November 2026"
    assert text.iso(at) == "2026-11-03"
    assert text.iso(None) == ""
    assert fmt.day(at) == '<time datetime="2026-11-03">3 November 2026</time>'
    assert "2026-11-03" in fmt.day(datetime(2026, 11, 3, 12))


@pytest.mark.parametrize("write", UNKNOWN_WRITERS)
def test_unknown_is_a_dash(write: Callable[[None], str]) -> None:
    assert write(None) == "–"


@pytest.mark.parametrize("write", UNKNOWN_FILTERS)
def test_unknown_is_spoken_on_pages(write: Callable[[None], str]) -> None:
    html = write(None)
    assert '<span aria-hidden="true">–</span>' in html
    assert '<span class="visually-hidden">unknown</span>' in html


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_unknown(value: float) -> None:
    assert text.usd(value) == "–"
    assert text.points(value) == "–"


def test_nothing_is_unknown_but_zero_is_a_value() -> None:
    assert fmt.or_unknown(0) == 0
    assert fmt.or_unknown("MIT") == "MIT"
    assert fmt.or_unknown("") == fmt.or_unknown(None) == fmt.UNKNOWN_HTML


@given(st.floats(1e-9, 1e12))
def test_dollars_stay_within_half_a_per_cent(value: float) -> None:
    written, _, word = text.usd(value).removeprefix("$").replace(",", "").partition(" ")
    scale = {"": 1, "billion": 1e9, "trillion": 1e12}[word]
    assert float(written) * scale == pytest.approx(value, rel=0.005)


@pytest.mark.parametrize(
    ("value", "plain", "signed"),
    [
        (0, "0", "0"),
        (0.5, "0.5", "+0.5"),
        (4.2, "4.2", "+4.2"),
        (-8.0, "−8", "−8"),
        (100, "100", "+100"),
        (11.46, "11.5", "+11.5"),
        (0.008284, "0.00828", "+0.00828"),
        (180_000, "180,000", "+180,000"),
        (None, "–", "–"),
    ],
)
def test_plain_numbers_have_up_to_three_digits(
    value: float | None, plain: str, signed: str
) -> None:
    assert text.number(value) == plain
    assert text.signed_number(value) == signed
