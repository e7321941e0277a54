"""Pictures as pure geometry, drawn by the templates in components/ without script or style.

Every picture comes in a narrow and a wide layout: the stylesheet shows one, so that its words
keep their size on a phone as on a desk.
"""

from apps.plots.lines import Curve, CurvePoint, LogPlot, Mark, log_plot
from apps.plots.stacks import Part, Stack, Stacked, stacked
from apps.plots.stairs import Staircase, Step, staircase
from apps.plots.timeline import Level, Series, Timeline, timeline
from apps.plots.tornado import Swing, Tornado, tornado

__all__ = [
    "Curve",
    "CurvePoint",
    "Level",
    "LogPlot",
    "Mark",
    "Part",
    "Series",
    "Stack",
    "Stacked",
    "Staircase",
    "Step",
    "Swing",
    "Timeline",
    "Tornado",
    "log_plot",
    "stacked",
    "staircase",
    "timeline",
    "tornado",
]
