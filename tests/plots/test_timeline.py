"""A timeline holds each value until it changes, within its frame, with its names apart."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from apps.plots import Level, Series, Timeline, timeline
from apps.plots.text import text_box

FIRST, TODAY, END = 0.0, 100.0, 200.0


def drawn(*values: tuple[float, float | None], tone: str = "output") -> Series:
    levels = tuple(Level(start, value, start > TODAY) for start, value in values)
    return Series(f"{tone} $1,000", tone, levels)


def picture(*series: Series) -> Timeline | None:
    here = (TODAY, "today")
    return timeline(series, END, here, "Dollars", lambda day: f"Day {day:g}", lambda v: f"${v:g}")


def pieces(path: str) -> list[tuple[float, ...]]:
    """Return where each piece of a path begins, which level it takes and where it ends."""
    return [tuple(map(float, re.findall(r"[\d.]+", piece))) for piece in path.split("M")[1:]]


def test_each_level_holds_until_the_next_and_the_last_to_the_end() -> None:
    plot = picture(drawn((0, 4), (50, 2), (150, 8)))
    assert plot is not None
    for layout in plot.layouts:
        (line,), axes = layout.lines, layout.axes
        (one, two), (ahead,) = pieces(line.path), pieces(line.ahead)
        wide = axes.right - axes.left
        places = [round(axes.left + wide * part, 2) for part in (0, 0.25, 0.75, 1)]
        assert [one[0], one[-1], two[-1], ahead[-1]] == places
        # Each begins where the one before was, and the dearest lies highest.
        assert (two[1], ahead[1]) == (one[2], two[2])
        assert ahead[2] < one[2] < two[2] <= axes.bottom


def test_what_is_unknown_is_a_gap() -> None:
    plot = picture(drawn((0, 4), (20, None), (50, 2)))
    assert plot is not None
    one, two = pieces(plot.layouts[0].lines[0].path)
    assert one[-1] < two[0]
    # After a gap a level begins at itself.
    assert two[1] == two[2]


def test_without_a_known_value_there_is_no_picture() -> None:
    assert picture(drawn((0, None))) is None
    assert picture() is None


dollars = st.none() | st.floats(min_value=0, max_value=1e9)
several = st.lists(dollars, min_size=1, max_size=6)


@given(several, several)
def test_it_stays_within_its_frame_and_its_names_apart(
    outputs: list[float | None], inputs: list[float | None]
) -> None:
    of_both = [
        drawn(*((30.0 * n, value) for n, value in enumerate(values)), tone=tone)
        for tone, values in (("output", outputs), ("input", inputs))
    ]
    plot = picture(*of_both)
    for layout in plot.layouts if plot else ():
        axes = layout.axes
        for line in layout.lines:
            for x1, y1, y2, x2 in pieces(line.path + line.ahead):
                assert axes.left <= x1 <= x2 <= axes.right
                assert axes.top <= min(y1, y2) <= max(y1, y2) <= axes.bottom
        boxes = [text_box(text, is_bold=True) for line in layout.lines for text in line.name]
        assert all(box.right <= layout.width and box.bottom <= layout.height for box in boxes)
        boxes.sort(key=lambda box: box.top)
        assert all(one.bottom <= other.top for one, other in pairwise(boxes))
