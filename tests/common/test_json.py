"""What programs get."""

import math

import pytest

from apps.common.json import finite, json_response


def test_any_site_may_read_what_a_program_gets() -> None:
    response = json_response({"name": "Zürich"}, 422)
    assert response.status_code == 422
    assert response.content.decode() == '{\n "name": "Zürich"\n}'
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("value", "written"),
    [(1.5, 1.5), (0.0, 0.0), (None, None), (math.nan, None), (math.inf, None), (-math.inf, None)],
)
def test_what_is_no_number_is_unknown(value: float | None, written: float | None) -> None:
    assert finite(value) == written
