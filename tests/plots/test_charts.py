"""Bars end where their numbers say."""

import math

import pytest
from django.template import Context, Template

from apps.plots import bars


def test_a_bar_is_as_long_as_its_share_of_the_scale() -> None:
    assert bars.bar(25, 200, "a") == bars.Bar("12.5%", "a")


@pytest.mark.parametrize(
    ("value", "width"), [(0, "0%"), (0.001, "0.6%"), (500, "100%"), (-3, "0%")]
)
def test_a_bar_stays_visible_and_in_the_picture(value: float, width: str) -> None:
    drawn = bars.bar(value, 100, "")
    assert drawn is not None
    assert drawn.width == width


def test_a_range_has_a_start_a_width_and_a_marker() -> None:
    assert bars.range_bar(100, 200, 400, 1000, "r") == bars.RangeBar("10%", "30%", "20%", "r")


def test_a_range_at_the_end_of_the_scale_stays_in_the_picture() -> None:
    assert bars.range_bar(100, 100, 100, 100, "") == bars.RangeBar("99.4%", "0.6%", "100%", "")


@pytest.mark.parametrize(
    ("points", "width", "start", "length"),
    [(4.2, 100, "50%", "50%"), (-2.1, 50, "25%", "25%"), (0, 0, "50%", "0%")],
)
def test_gains_go_right_and_losses_left_of_zero(
    points: float, width: float, start: str, length: str
) -> None:
    assert bars.signed_bar(points, width, "") == bars.SignedBar(start, length, points >= 0, "")


@pytest.mark.parametrize("unknown", [None, math.nan, math.inf])
def test_what_is_unknown_is_not_drawn(unknown: float | None) -> None:
    assert bars.bar(unknown, 100, "") is None
    assert bars.range_bar(1, unknown, 3, 100, "") is None
    assert bars.signed_bar(None, 10, "") is None


@pytest.mark.parametrize(
    "tag",
    [
        '{% bar 40 100 "40 of 100" tone="Open" %}',
        '{% range_bar 10 20 40 100 "between 10 and 40" "Hybrid" %}',
        '{% signed_bar -2 40 "2 points less" %}',
    ],
)
def test_a_named_bar_is_a_picture_without_inline_style(tag: str) -> None:
    html = Template("{% load charts %}" + tag).render(Context())
    assert 'role="img"' in html
    assert "aria-label=" in html
    assert "style" not in html


def test_a_bar_beside_its_number_is_decoration() -> None:
    assert 'aria-hidden="true"' in Template("{% load charts %}{% bar 4 9 %}").render(Context())
