"""Dates of sources, as exact as they are known."""

import pytest

from apps.common.citing import SourceDate


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("2024", "2024"),
        ("2024-04", "April 2024"),
        ("2024-11", "November 2024"),
        ("2024-04-30", "30 April 2024"),
        ("2016-04-01", "1 April 2016"),
    ],
)
def test_a_date_is_written_as_exactly_as_it_is_known(iso: str, text: str) -> None:
    assert SourceDate(iso).text == text
