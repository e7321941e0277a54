"""Bars as SVG, drawn by the templates in components/."""

from django.template import Library

from apps.plots import bars

register = Library()


@register.inclusion_tag("components/bar.html")
def bar(
    value: float | None, maximum: float = 100, label: str = "", tone: str = ""
) -> dict[str, object]:
    """Draw a bar; without a label it is decoration beside its number."""
    return {"bar": bars.bar(value, maximum, label), "tone": tone}


@register.inclusion_tag("components/range_bar.html")
def range_bar(
    low: float | None,
    expected: float | None,
    high: float | None,
    maximum: float,
    label: str = "",
    tone: str = "",
) -> dict[str, object]:
    """Draw a range with a marker at what is expected."""
    return {"bar": bars.range_bar(low, expected, high, maximum, label), "tone": tone}


@register.inclusion_tag("components/signed_bar.html")
def signed_bar(points: float | None, width: float, label: str = "") -> dict[str, object]:
    """Draw a gain or a loss around a zero line; `width` is in per cent of half."""
    return {"bar": bars.signed_bar(points, width, label)}
