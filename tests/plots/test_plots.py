"""Pictures show every number in its place, with words that can be read, whatever they are given."""

import math
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import combinations, pairwise
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from apps.plots import (
    Curve,
    CurvePoint,
    LogPlot,
    Mark,
    Stack,
    Stacked,
    Staircase,
    Step,
    Swing,
    Tornado,
    log_plot,
    stacked,
    staircase,
    tornado,
)
from apps.plots.lines import LogLayout
from apps.plots.scales import linear_scale_with_ticks, log_scale, log_ticks
from apps.plots.text import Box, Text, fit, spread, text_box, width, wrap

PARTS = ("Tokens", "GPUs", "Infrastructure", "People", "Set-up")

anything = st.floats()
sizes = st.floats(min_value=1e-3, max_value=1e9)
dollars = st.floats(min_value=0, max_value=1e9)
words = st.text(max_size=60)
tones = st.sampled_from(["closed", "open", "hybrid"])
points = st.builds(CurvePoint, sizes, sizes, sizes, sizes)
wild_points = st.builds(CurvePoint, anything, anything, anything, anything)


def curves_of(point: st.SearchStrategy[CurvePoint]) -> st.SearchStrategy[list[Curve]]:
    curve = st.builds(
        Curve,
        words,
        tones,
        st.sampled_from([0, 1, 2]),
        st.booleans(),
        st.lists(point, min_size=1, max_size=6).map(tuple),
    )
    return st.lists(curve, min_size=1, max_size=6)


def text(value: float) -> str:
    return f"${value:,.4g}"


def draw_lines(
    curves: list[Curve], here: float | None = None, marks: list[Mark] | None = None
) -> LogPlot | None:
    place = None if here is None else (here, "You are here: 250,000 a day")
    return log_plot(curves, place, marks or [], "Requests a day", "Dollars a month", text, text)


def draw_stairs(steps: list[Step], here: float | None = None) -> Staircase | None:
    place = None if here is None else (here, "You are here")
    return staircase(steps, place, "Requests a day", "US dollars a month", text, text)


def leaves(part: Any) -> Iterator[Any]:
    """Yield every number and every text of a picture."""
    if is_dataclass(part):
        for field in fields(part):
            yield from leaves(getattr(part, field.name))
    elif isinstance(part, tuple):
        for one in part:
            yield from leaves(one)
    else:
        yield part


def texts(part: Any) -> Iterator[Text]:
    if isinstance(part, Text):
        yield part
    elif is_dataclass(part):
        for field in fields(part):
            yield from texts(getattr(part, field.name))
    elif isinstance(part, tuple):
        for one in part:
            yield from texts(one)


def boxes(layout: Any) -> list[Box]:
    """Return what each line of words covers; seams of half a unit do not count."""
    covered = [text_box(one) for one in texts(layout) if one.words.strip()]
    return [Box(b.left + 0.5, b.top + 0.5, b.right - 0.5, b.bottom - 0.5) for b in covered]


def corners(path: str) -> list[tuple[float, float]]:
    """Return the places of a path of M and L."""
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([-\d.e]+) ([-\d.e]+)", path)]


def assert_drawable(picture: Any) -> None:
    assert [layout.name for layout in picture.layouts] == ["narrow", "wide"]
    for layout in picture.layouts:
        for leaf in leaves(layout):
            if isinstance(leaf, float):
                assert math.isfinite(leaf)
                assert leaf == round(leaf, 2)
        for one in texts(layout):
            box = text_box(one)
            assert box.left >= -1
            assert box.right <= layout.width + 1
            assert -0.1 <= box.top <= box.bottom <= layout.height + 1


def assert_apart(picture: Any) -> None:
    for layout in picture.layouts:
        for one, other in combinations(boxes(layout), 2):
            assert not one.meets(other)


def path_numbers(layout: Any) -> list[float]:
    paths = [leaf for leaf in leaves(layout) if isinstance(leaf, str) and re.match(r"M[-\d]", leaf)]
    return [float(number) for path in paths for number in re.findall(r"-?\d[-\d.e]*", path)]


# Lines


@given(curves_of(points), st.none() | sizes)
def test_every_point_lies_inside_the_drawing_area(curves: list[Curve], here: float | None) -> None:
    picture = draw_lines(curves, here)
    assert picture is not None
    assert_drawable(picture)
    for layout in picture.layouts:
        area = layout.axes
        for line in layout.lines:
            assert corners(line.path)
            for x, y in corners(line.path) + corners(line.band):
                assert area.left <= x <= area.right
                assert area.top <= y <= area.bottom


@given(st.lists(st.tuples(sizes, sizes), min_size=2, max_size=8, unique_by=lambda pair: pair[0]))
def test_more_requests_lie_further_right_and_more_dollars_higher(
    pairs: list[tuple[float, float]],
) -> None:
    curve = Curve("A", "open", 0, False, tuple(CurvePoint(x, y, y, y) for x, y in pairs))
    picture = draw_lines([curve])
    assert picture is not None
    ordered = sorted(pairs)
    for layout in picture.layouts:
        places = corners(layout.lines[0].path)
        assert len(places) == len(pairs)
        for (one, other), (before, after) in zip(pairwise(places), pairwise(ordered), strict=True):
            assert one[0] <= other[0]
            if before[1] <= after[1]:
                assert one[1] >= other[1]
            else:
                assert one[1] <= other[1]


@given(curves_of(points), st.none() | sizes, st.lists(st.builds(Mark, sizes, sizes)))
def test_no_words_of_lines_and_marks_cover_each_other(
    curves: list[Curve], here: float | None, marks: list[Mark]
) -> None:
    picture = draw_lines(curves, here, marks[:4])
    assert picture is not None
    assert_apart(picture)


@given(
    curves_of(wild_points),
    st.none() | anything,
    st.lists(st.builds(Mark, anything, anything), max_size=3),
)
def test_lines_of_any_numbers_are_drawn_or_left_out(
    curves: list[Curve], here: float | None, marks: list[Mark]
) -> None:
    picture = draw_lines(curves, here, marks)
    known = any(
        math.isfinite(p.x) and p.x > 0 and math.isfinite(p.middle) and p.middle > 0
        for curve in curves
        for p in curve.points
    )
    assert (picture is not None) == known
    if picture is not None:
        assert_drawable(picture)
        for layout in picture.layouts:
            assert all(map(math.isfinite, path_numbers(layout)))


def test_a_ring_stands_where_its_mark_lies() -> None:
    # On logarithmic axes the middle of 1 and 100 is 10.
    picture = draw_lines([line(1, 10, 100)], marks=[Mark(10, 10)])
    assert picture is not None
    for layout in picture.layouts:
        (ring,) = layout.rings
        axes = layout.axes
        assert ring.x == pytest.approx((axes.left + axes.right) / 2, abs=0.02)
        assert ring.y == pytest.approx((axes.top + axes.bottom) / 2, abs=0.02)


def line(*middles: float, name: str = "A") -> Curve:
    return Curve(
        name,
        "open",
        0,
        False,
        tuple(CurvePoint(10.0**n, m / 2, m, m * 2) for n, m in enumerate(middles)),
    )


def wide(picture: LogPlot | None) -> LogLayout:
    assert picture is not None
    return picture.layouts[1]


def test_what_is_unknown_is_a_gap_in_line_and_band() -> None:
    drawn = wide(draw_lines([line(1, 10, math.nan, 100, 1000)])).lines[0]
    assert drawn.path.count("M") == 2
    assert drawn.band.count("Z") == 2
    assert len(corners(drawn.path)) == 4


def test_a_line_with_an_unknown_band_is_still_a_line() -> None:
    curve = Curve("A", "open", 0, False, (CurvePoint(1, math.nan, 5, 9), CurvePoint(9, 0, 5, 9)))
    drawn = wide(draw_lines([curve])).lines[0]
    assert len(corners(drawn.path)) == 2
    assert drawn.band == ""


def test_a_line_without_a_known_point_is_left_out() -> None:
    drawn = wide(draw_lines([line(1, 10, name="Known"), line(math.nan, name="Unknown")]))
    assert ["".join(text.words for text in one.name) for one in drawn.lines] == ["Known"]


def test_a_decade_is_as_long_as_every_other() -> None:
    places = corners(wide(draw_lines([line(1, 10, 100, 1000)])).lines[0].path)
    for axis in (0, 1):
        lengths = [other[axis] - one[axis] for one, other in pairwise(places)]
        assert lengths == pytest.approx([lengths[0]] * 3, abs=0.02)


def test_here_stands_on_the_lines_that_pass_it() -> None:
    layout = wide(draw_lines([line(1, 10, 100), line(math.nan, 7, 7)], here=10**1.5))
    assert layout.here is not None
    area = layout.axes
    assert layout.here.x == pytest.approx(area.left + 0.75 * (area.right - area.left), abs=0.02)
    first, second = layout.dots
    assert first.x == second.x == layout.here.x
    places = corners(layout.lines[0].path)
    assert first.y == pytest.approx((places[1][1] + places[2][1]) / 2, abs=0.02)
    assert second.y == corners(layout.lines[1].path)[0][1]


def test_a_name_that_had_to_move_has_a_leader_and_one_that_did_not_has_none() -> None:
    alone = wide(draw_lines([line(1, 10), line(1, 1000)]))
    close = wide(draw_lines([line(1, 1000), line(1, 1001)]))
    assert [bool(one.leader) for one in alone.lines] == [False, False]
    assert [bool(one.leader) for one in close.lines] == [True, True]


def test_the_sign_of_a_group_ends_its_line() -> None:
    shapes = {
        wide(draw_lines([Curve("A", tone, 0, False, (CurvePoint(1, 1, 1, 1),))])).lines[0].end
        for tone in ("closed", "open", "hybrid")
    }
    assert len(shapes) == 3


# Tornado

swings = st.lists(st.builds(Swing, words, words, words, dollars, dollars), min_size=1, max_size=8)


@given(swings, dollars)
def test_the_bars_of_a_tornado_meet_at_the_base(rows: list[Swing], base: float) -> None:
    picture = tornado(rows, base, "Today", text)
    assert picture is not None
    assert_drawable(picture)
    for layout in picture.layouts:
        assert len(layout.rows) == len(rows)
        for row, swing in zip(layout.rows, rows, strict=True):
            ends = {bar.is_high: (bar.x, bar.x + bar.width) for bar in row.bars}
            for is_high, value in ((False, swing.low), (True, swing.high)):
                near, far = ends[is_high] if value >= base else ends[is_high][::-1]
                assert near == pytest.approx(layout.base.x, abs=0.02)
                assert far >= near - 0.02 if value >= base else far <= near + 0.02


@given(swings, dollars)
def test_no_words_of_a_tornado_cover_each_other(rows: list[Swing], base: float) -> None:
    picture = tornado(rows, base, "Today: $17,200", text)
    assert picture is not None
    assert_apart(picture)


def test_the_label_of_each_end_stands_at_it() -> None:
    picture = tornado([Swing("Cached", "0%", "90%", 300, 100)], 200, "Today", text)
    assert picture is not None
    for layout in picture.layouts:
        bars = {bar.label.words: bar for bar in layout.rows[0].bars}
        assert not bars["0%"].is_high
        assert bars["0%"].label.x >= bars["0%"].x + bars["0%"].width
        assert bars["90%"].is_high
        assert bars["90%"].label.x <= bars["90%"].x
        assert bars["0%"].width == pytest.approx(bars["90%"].width, abs=0.02)


@given(st.lists(st.builds(Swing, words, words, words, anything, anything)), anything)
def test_swings_of_any_numbers_are_drawn_or_left_out(rows: list[Swing], base: float) -> None:
    picture = tornado(rows, base, "Today", text)
    known = [row for row in rows if math.isfinite(row.low) and math.isfinite(row.high)]
    assert (picture is not None) == bool(known and math.isfinite(base))
    if picture is not None:
        assert_drawable(picture)


# Stacked bars

stacks = st.lists(
    st.builds(Stack, words, tones, st.tuples(*[dollars] * 5), words), min_size=1, max_size=6
)


@given(stacks)
def test_parts_follow_each_other_and_sum_up_to_the_total(rows: list[Stack]) -> None:
    picture = stacked(rows, PARTS, text)
    assert picture is not None
    assert_drawable(picture)
    assert_apart(picture)
    totals = [sum(row.parts) for row in rows]
    for layout in picture.layouts:
        lengths = [sum(part.width for part in row.parts) for row in layout.rows]
        for row in layout.rows:
            for one, other in pairwise(row.parts):
                assert one.x + one.width == pytest.approx(other.x, abs=0.02)
        if max(totals) > 1:
            longest = max(lengths)
            for length, total in zip(lengths, totals, strict=True):
                assert length == pytest.approx(longest * total / max(totals), abs=0.1)


@given(st.lists(st.builds(Stack, words, tones, st.lists(anything).map(tuple), words)))
def test_stacks_of_any_numbers_are_drawn(rows: list[Stack]) -> None:
    picture = stacked(rows, PARTS, text)
    assert (picture is None) == (not rows)
    if picture is not None:
        assert_drawable(picture)


def test_a_picture_of_totals_names_its_parts_for_the_heads_of_a_table() -> None:
    picture = stacked([Stack("A", "open", (1, 2), "3")], ["Tokens", "People"], text)
    assert picture is not None
    assert [(part.name, part.number) for part in picture.parts] == [("Tokens", 0), ("People", 1)]


def test_more_parts_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="not 6"):
        stacked([Stack("A", "open", (1,), "1")], ["x"] * 6, text)


# Staircase


def stairs(number: int, width_of_each: float = 30_000, usd: float = 12_700) -> list[Step]:
    return [
        Step(n * width_of_each, (n + 1) * width_of_each, (n + 1) * usd, f"{8 * (n + 1)} GPUs")
        for n in range(number)
    ]


@given(st.integers(1, 40), sizes, sizes, st.none() | sizes)
def test_stairs_have_level_treads_and_upright_risers(
    number: int, width_of_each: float, usd: float, here: float | None
) -> None:
    steps = stairs(number, width_of_each, usd)
    picture = draw_stairs(steps, here)
    assert picture is not None
    assert_drawable(picture)
    assert_apart(picture)
    for layout in picture.layouts:
        assert layout.path.count("H") == number
        assert layout.path.count("V") == number - 1
        assert layout.path.count("M") == 1
        ends = [float(x) for x in re.findall(r"H([\d.]+)", layout.path)]
        levels = [float(y) for y in re.findall(r"(?:M[\d.]+ |V)([\d.]+)", layout.path)]
        assert ends == sorted(ends)
        assert levels == sorted(levels, reverse=True)
        assert max(ends) <= layout.axes.right
        assert min(levels) >= layout.axes.top


def test_a_tread_is_labelled_where_there_is_room_and_todays_first() -> None:
    few, many = draw_stairs(stairs(3)), draw_stairs(stairs(60), here=900_100)
    assert few is not None
    assert many is not None
    assert [label.text.words for label in few.layouts[1].labels] == [
        "8 GPUs",
        "16 GPUs",
        "24 GPUs",
    ]
    for layout in many.layouts:
        assert [label.text.words for label in layout.labels if label.is_here] == ["248 GPUs"]
        assert len(layout.labels) < 60


def test_at_a_riser_the_lower_tread_still_suffices() -> None:
    picture = draw_stairs(stairs(2, 100, 10), here=100)
    assert picture is not None
    assert picture.layouts[0].spot is not None
    assert picture.layouts[0].spot.number == 0


def test_stairs_that_miss_a_step_have_a_gap() -> None:
    picture = draw_stairs([stairs(3)[0], stairs(3)[2]])
    assert picture is not None
    assert picture.layouts[0].path.count("M") == 2


@given(st.lists(st.builds(Step, anything, anything, anything, words)), st.none() | anything)
def test_steps_of_any_numbers_are_drawn_or_left_out(steps: list[Step], here: float | None) -> None:
    picture = draw_stairs(steps, here)
    known = [
        s for s in steps if all(map(math.isfinite, (s.start, s.end, s.usd))) and s.start <= s.end
    ]
    assert (picture is not None) == bool(known)
    if picture is not None:
        assert_drawable(picture)
        for layout in picture.layouts:
            assert all(map(math.isfinite, path_numbers(layout)))


# Nothing, ticks, words


def test_without_anything_to_draw_there_is_no_picture() -> None:
    assert draw_lines([]) is None
    assert draw_lines([Curve("A", "open", 0, False, ())]) is None
    assert tornado([], 100, "Today", text) is None
    assert stacked([], PARTS, text) is None
    assert stacked([Stack("A", "open", (), "0")], [], text) is None
    assert draw_stairs([]) is None


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (1e3, 1e8, [1e3, 1e4, 1e5, 1e6, 1e7, 1e8]),
        (300, 4e7, [1e3, 1e4, 1e5, 1e6, 1e7]),
        (20, 300, [20, 50, 100, 200]),
        (10, 10, [5, 10, 20]),
        (1, 1e16, [1, 1e2, 1e4, 1e6, 1e8, 1e10, 1e12, 1e14, 1e16]),
    ],
)
def test_ticks_of_a_logarithmic_axis(low: float, high: float, ticks: list[float]) -> None:
    assert log_ticks(log_scale([low, high], 0, 100)) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 100, [0, 50, 100]),
        (0, 76_200, [0, 20_000, 40_000, 60_000]),
        (8_000, 41_000, [10_000, 20_000, 30_000, 40_000]),
        (0, 0.35, [0, 0.1, 0.2, 0.3]),
        (-40, 80, [-50, 0, 50]),
        (0, 0, [0, 0.5, 1]),
        (200, 200, [180, 200, 220]),
    ],
)
def test_ticks_of_a_linear_axis(low: float, high: float, ticks: list[float]) -> None:
    scale, found = linear_scale_with_ticks([low, high], 0, 100)
    assert found == ticks
    assert scale.low <= min(low, found[0])
    assert scale.high >= max(high, found[-1])


@given(st.lists(st.floats(-1e12, 1e12), min_size=1))
def test_a_linear_axis_has_three_or_four_ticks(values: list[float]) -> None:
    assert len(linear_scale_with_ticks(values, 0, 100)[1]) in {3, 4}


@given(st.text(), st.floats(30, 300))
def test_words_are_fitted_into_their_room(some: str, room: float) -> None:
    assert width(fit(some, room)) <= room
    assert all(width(line) <= room for line in wrap(some, room))
    assert len(wrap(some, room)) <= 2


def test_words_that_fit_are_kept_and_others_say_that_they_go_on() -> None:
    assert wrap("Open, rented GPUs", 300) == ("Open, rented GPUs",)
    assert wrap("Open, rented GPUs", 100) == ("Open, rented", "GPUs")
    assert fit("x" * 1000, 100).endswith("x…")


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(5, 40)), min_size=1, max_size=7))
def test_what_is_spread_keeps_its_order_its_bounds_and_its_distance(
    parts: list[tuple[float, float]],
) -> None:
    wanted, heights = [p[0] for p in parts], [p[1] for p in parts]
    centres = spread(wanted, heights, 0, 300)
    order = sorted(range(len(parts)), key=lambda at: (wanted[at], at))
    for one, other in pairwise(order):
        apart = (heights[one] + heights[other]) / 2
        assert centres[other] - centres[one] >= apart - 1e-6
    assert centres[order[0]] - heights[order[0]] / 2 >= -1e-6
    assert centres[order[-1]] + heights[order[-1]] / 2 <= 300 + 1e-6


def test_what_has_room_stays_where_it_is() -> None:
    assert spread([50, 10, 90], [20, 20, 20], 0, 100) == pytest.approx([50, 10, 90])


# Templates

HOSTILE = '<script>alert("1")</script>\'"&'


def pictures() -> dict[str, LogPlot | Tornado | Stacked | Staircase | None]:
    curve = line(1, 10, 100, name=HOSTILE)
    return {
        "log_plot": draw_lines([curve, line(1, 20)], here=5, marks=[Mark(7, 7)]),
        "tornado": tornado([Swing(HOSTILE, HOSTILE, "b", 1, 3)], 2, HOSTILE, text),
        "stacked": stacked([Stack(HOSTILE, "hybrid", (1, 2, 3, 4, 5), HOSTILE)], PARTS, text),
        "staircase": draw_stairs([Step(0, 10, 10, HOSTILE), Step(10, 20, 30, "b")], here=5),
    }


@pytest.mark.parametrize("name", ["log_plot", "tornado", "stacked", "staircase"])
def test_a_picture_is_one_image_without_style_or_script(name: str) -> None:
    html = render_to_string(
        f"components/{name}.html", {"plot": pictures()[name], "label": HOSTILE, "id": "cost"}
    )
    assert html.count('role="img"') == 1
    assert html.count("aria-label=") == 1
    assert html.count('<svg class="plot-picture') == html.count('aria-hidden="true"') == 2
    assert "<script" not in html
    assert "style=" not in html
    assert "&lt;script&gt;" in html
    assert "None" not in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert all(one == "cost" or one.startswith("cost-") for one in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)


@pytest.mark.parametrize("name", ["log_plot", "tornado", "stacked", "staircase"])
def test_without_a_picture_nothing_is_rendered(name: str) -> None:
    html = render_to_string(f"components/{name}.html", {"plot": None, "label": "a", "id": "b"})
    assert html.strip() == ""


def test_a_swatch_shows_the_pattern_of_its_part_under_an_id_of_its_own() -> None:
    picture = pictures()["stacked"]
    assert isinstance(picture, Stacked)
    html = render_to_string(
        "components/stacked.html", {"plot": picture, "label": "a", "id": "total"}
    )
    for part in picture.parts:
        swatch = render_to_string("components/swatch.html", {"part": part, "id": "total"})
        (used,) = re.findall(r"url\(#([^)]+)\)", swatch)
        assert used.endswith(f"-{part.number}")
        assert f'id="{used}"' in swatch
        assert f"plot-part--{part.number}" in swatch
        assert 'aria-hidden="true"' in swatch
        html += swatch
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_numbers_are_drawn_alike_in_every_language(settings: Any) -> None:
    settings.LANGUAGE_CODE = "de"
    html = render_to_string(
        "components/tornado.html", {"plot": pictures()["tornado"], "label": "a", "id": "b"}
    )
    numbers = re.findall(r' (?:x|y|width|height|x1|x2|y1|y2)="([^"]*)"', html)
    assert numbers
    assert all(math.isfinite(float(number)) for number in numbers)
