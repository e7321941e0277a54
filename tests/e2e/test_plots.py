"""The words of pictures, as a browser sets them: of a size to read, apart, and not cut."""

from itertools import combinations
from math import nan
from pathlib import Path
from typing import Literal

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser

from apps import plots
from apps.common.format import short_count, usd

CSS = Path(settings.BASE_DIR, "static", "css", "openweigh.css").read_text()
VOLUMES = [10.0**power for power in range(3, 9)]
# Of every visible text: its box, the box of its picture, its size on the screen.
MEASURE = """() => [...document.querySelectorAll('.plot-picture')]
  .filter(svg => svg.getClientRects().length)
  .map(svg => {
    const frame = svg.getBoundingClientRect();
    const scale = frame.width / svg.viewBox.baseVal.width;
    return [...svg.querySelectorAll('text')].map(text => {
      const box = text.getBBox();
      return {words: text.textContent, left: box.x, top: box.y, right: box.x + box.width,
        bottom: box.y + box.height, width: svg.viewBox.baseVal.width,
        height: svg.viewBox.baseVal.height,
        size: parseFloat(getComputedStyle(text).fontSize) * scale};
    });
  })"""


def curve(name: str, tone: str, style: int, fixed: float, each: float) -> plots.Curve:
    middles = [fixed + each * volume for volume in VOLUMES]
    if style == 2:
        middles[2] = nan
    return plots.Curve(
        name,
        tone,
        style,
        style == 2,
        tuple(
            plots.CurvePoint(x, middle * 0.6, middle, middle * 1.7)
            for x, middle in zip(VOLUMES, middles, strict=True)
        ),
    )


def page() -> str:
    """Return all four pictures with numbers as they are, two lines close to each other."""
    here = (250_000.0, "You are here: 250,000 a day")
    axes = ("Requests a day", "US dollars a month", short_count, usd)
    drawn = {
        "log_plot": plots.log_plot(
            [
                curve("Closed API", "closed", 0, 300, 0.4),
                curve("Open, hosted", "open", 0, 300, 0.12),
                curve("Open, rented GPUs", "open", 1, 22_000, 0.01),
                curve("Open, own hardware", "open", 2, 28_000, 0.006),
                curve("Hybrid", "hybrid", 0, 800, 0.14),
            ],
            here,
            [plots.Mark(56e3, 22_600), plots.Mark(190e3, 23_100)],
            *axes,
        ),
        "tornado": plots.tornado(
            [
                plots.Swing("Share of input tokens read from cache", "0%", "90%", 24e3, 9e3),
                plots.Swing("Tokens out", "200", "2,000", 8e3, 41e3),
                plots.Swing("Peak over average traffic", "1.5×", "6×", 16.5e3, 17.7e3),
            ],
            17_200,
            "Today: $17,200",
            usd,
        ),
        "stacked": plots.stacked(
            [
                plots.Stack("Closed API", "closed", (1.2e6, 0, 24e3, 60e3, 15e3), "$1,310,000"),
                plots.Stack("Open, rented GPUs", "open", (0, 2e5, 6e4, 3e5, 6e4), "$620,000"),
            ],
            ["Tokens", "GPUs", "Infrastructure", "People", "Set-up"],
            usd,
        ),
        "staircase": plots.staircase(
            [
                plots.Step(n * 45e3, (n + 1) * 45e3, 12_700 * (n + 1), f"{8 * (n + 1)} GPUs")
                for n in range(9)
            ],
            here,
            *axes,
        ),
    }
    body = "".join(
        render_to_string(f"components/{name}.html", {"plot": plot, "label": name, "id": name})
        for name, plot in drawn.items()
    )
    return (
        '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Pictures</title>'
        f'<style>{CSS}</style><main class="shell wide">{body}</main>'
    )


@pytest.mark.parametrize(
    ("screen", "media"),
    [(320, "screen"), (360, "screen"), (768, "screen"), (1280, "screen"), (658, "print")],
)
def test_words_of_pictures_can_be_read(
    browser: Browser, screen: int, media: Literal["screen", "print"]
) -> None:
    sheet = browser.new_page(viewport={"width": screen, "height": 900})
    try:
        sheet.emulate_media(media=media)
        sheet.set_content(page())
        measured = sheet.evaluate(MEASURE)
        assert sheet.evaluate("document.documentElement.scrollWidth") <= screen
    finally:
        sheet.close()
    assert len(measured) == 4
    for words in measured:
        assert words
        for text in words:
            assert 11.9 <= text["size"] <= 17, text
            assert text["left"] >= -0.5, text
            assert text["top"] >= -1, text
            assert text["right"] <= text["width"] + 0.5, text
            assert text["bottom"] <= text["height"] + 1, text
        for one, other in combinations(words, 2):
            # A line's box is higher than its letters.
            assert (
                one["right"] <= other["left"]
                or other["right"] <= one["left"]
                or one["bottom"] - 3 <= other["top"]
                or other["bottom"] - 3 <= one["top"]
            ), (one, other)
