"""What a spreadsheet gets runs nothing, and can be read back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.csv_cells import cell, csv_file, csv_lines, plain

# What spreadsheets take for the beginning of a formula, after OWASP's "CSV Injection".
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_runs_as_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain = text", "plain = text"),
        (("=a", "b"), "'=a b"),
        (0.25, "0.25"),
        (-3, "-3"),
        (True, "yes"),
        (False, "no"),
        (None, ""),
    ],
)
def test_values_are_written_as_people_write_them(value: object, written: str) -> None:
    assert cell(value) == written


@given(st.text())
def test_every_text_can_be_read_back(text: str) -> None:
    assert plain(cell(text)) == text


def test_lines_are_those_of_the_standard() -> None:
    rows = [("a", "b"), ("one, two", 'say "so"'), (None, 1.5)]
    text = "".join(csv_lines(rows))
    assert list(csv.reader(io.StringIO(text))) == [
        ["a", "b"],
        ["one, two", 'say "so"'],
        ["", "1.5"],
    ]


def test_a_file_is_saved_under_its_name() -> None:
    response = csv_file("models.csv", [("a",)])
    assert response["Content-Disposition"] == 'attachment; filename="models.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.getvalue() == b"a\r\n"
