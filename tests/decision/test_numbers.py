"""Numbers are read as people write them."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.format import count, number, params, tokens, usd
from apps.decision.numbers import BILLION, AmbiguousNumberError, read_number, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "1"),
        ("1.5M", "1500000"),
        ("1,500,000", "1500000"),
        ("1 500 000", "1500000"),
        ("1\u00a0500\u202f000", "1500000"),
        ("1_500_000", "1500000"),
        ("1’500’000", "1500000"),
        ("1'500'000", "1500000"),
        ("1\u2009500\u2009000", "1500000"),
        ("1’500.25", "1500.25"),
        ("7 billion", "7000000000"),
        ("7bn", "7000000000"),
        ("2 trillion", "2000000000000"),
        ("2.950", "2.950"),
        ("0.125", "0.125"),
        ("250k", "250000"),
        (" 250 K ", "250000"),
        ("2 million", "2000000"),
        ("1b", "1000000000"),
        ("1e6", "1000000"),
        ("0.05", "0.05"),
        (".5", "0.5"),
        ("5 %", "0.05"),
        ("$2.95", "2.95"),
        ("12,345.5", "12345.5"),
    ],
)
def test_what_people_write(text: str, expected: str) -> None:
    assert read_number(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-1",
            "many",
            "1,5",
            "1,50,000",
            "1.2.3",
            "0,125",
            "1,500'000",
            "12x",
            "0x10",
            "1e999",
            "٣",
            "½",
        ),
        *("nan", "inf", "1" * 41, "1k k", "<script>", "1;2", "\x00", "1\n2"),
    ],
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("100.000", "Write 100000 or 100,000"),
        ("2.000", "Write 2000 or 2,000"),
        ("$90.000", "Write 90000 or 90,000"),
        ("1.500.000", "Write 1500000 or 1,500,000"),
    ],
)
def test_where_a_whole_number_is_asked_a_dot_may_part_thousands(text: str, sentence: str) -> None:
    with pytest.raises(AmbiguousNumberError, match=f"^{sentence}$"):
        read_number(text, whole=True)


def test_no_fraction_has_two_dots() -> None:
    with pytest.raises(AmbiguousNumberError, match="Write 1500000 or 1,500,000"):
        read_number("1.500.000")


@pytest.mark.parametrize(
    ("text", "expected"), [("131072.0", 131_072), ("1.500k", 1_500), ("1.25M", 1_250_000), ("7", 7)]
)
def test_whole_numbers_with_a_dot_that_parts_no_thousands(text: str, expected: int) -> None:
    assert read_number(text, whole=True) == expected


@pytest.mark.parametrize(
    ("text", "billions"),
    [("7", "7"), ("7 billion", "7"), ("7bn", "7"), ("7B", "7"), ("500M", "0.5"), ("1T", "1000")],
)
def test_a_number_is_read_in_the_unit_of_its_field(text: str, billions: str) -> None:
    assert read_number(text, unit=BILLION) == Decimal(billions)


@given(st.floats(min_value=0.0001, max_value=1e14), st.sampled_from([count, number, usd, tokens]))
def test_what_the_pages_print_is_read_back(value: float, write: Callable[[float], str]) -> None:
    text = write(value)
    assert write(float(read_number(text))) == text


@given(st.floats(min_value=0.001, max_value=99_999))
def test_printed_parameters_are_read_back_in_billions(value: float) -> None:
    text = params(value)
    assert params(float(read_number(text, unit=BILLION))) == text


@given(st.integers(min_value=0, max_value=10**12))
def test_a_whole_number_is_never_read_a_thousand_times_off(value: int) -> None:
    for mark in (",", " ", "'", "’", "\u2009", "\u202f", "\u00a0"):
        assert read_number(f"{value:,}".replace(",", mark), whole=True) == value
    dotted = f"{value:,}".replace(",", ".")
    if value < 1_000:
        assert read_number(dotted, whole=True) == value
    else:
        with pytest.raises(AmbiguousNumberError):
            read_number(dotted, whole=True)


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_sentence(text: str) -> None:
    try:
        assert read_number(text) >= 0
    except ValueError as error:
        assert "is not a number" in str(error) or str(error).startswith("Write ")  # noqa: PT017 - either outcome is right


@given(st.integers(min_value=0, max_value=10**12))
def test_separators_do_not_change_a_number(value: int) -> None:
    assert read_number(f"{value:,}") == read_number(str(value)) == value


@pytest.mark.parametrize("number", [0.328767123288, 1.4, 1.234, 123.456, 120000.0, 1e-5, 1e9])
def test_a_written_number_is_read_as_the_same_one(number: float) -> None:
    assert float(read_number(written(number), whole=True)) == number
