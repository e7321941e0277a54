"""Numbers and dates in templates; what is unknown is a dash that screen readers speak."""

from datetime import date

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.common import format as text
from apps.common import markdown as limited
from apps.common.format import Maybe

register = Library()

UNKNOWN_HTML = SafeString(
    f'<span class="unknown"><span aria-hidden="true">{text.UNKNOWN}</span>'
    '<span class="visually-hidden">unknown</span></span>'
)


def _spoken(written: str) -> str:
    return UNKNOWN_HTML if written == text.UNKNOWN else written


@register.filter
def markdown(value: str) -> str:
    """Show a text of an editor, with its paragraphs and lists."""
    return limited.block(value)


@register.filter
def markdown_line(value: str) -> str:
    """Show a text of an editor within a paragraph."""
    return limited.line(value)


@register.filter
def usd(value: Maybe, per: str = "") -> str:
    """Write US dollars, with `|usd:"month"` a month."""
    return _spoken(text.usd(value, per))


@register.filter
def usd_band(low: Maybe, high: Maybe) -> str:
    """Write `low|usd_band:high`."""
    return _spoken(text.usd_band(low, high))


@register.filter
def count(value: Maybe) -> str:
    """Write a whole number."""
    return _spoken(text.count(value))


@register.filter
def about(value: Maybe) -> str:
    """Write a number that is no exact count."""
    return _spoken(text.about(value))


@register.filter
def short_count(value: Maybe) -> str:
    """Write a large number in words."""
    return _spoken(text.short_count(value))


@register.filter
def share(value: Maybe) -> str:
    """Write a share in per cent."""
    return _spoken(text.share(value))


@register.filter
def points(value: Maybe) -> str:
    """Write a score."""
    return _spoken(text.points(value))


@register.filter
def signed_points(value: Maybe) -> str:
    """Write a difference of scores."""
    return _spoken(text.signed_points(value))


@register.filter
def number(value: Maybe) -> str:
    """Write a plain number."""
    return _spoken(text.number(value))


@register.filter
def signed_number(value: Maybe) -> str:
    """Write a change."""
    return _spoken(text.signed_number(value))


@register.filter
def tokens(value: Maybe) -> str:
    """Write a number of tokens."""
    return _spoken(text.tokens(value))


@register.filter
def gigabytes(value: Maybe) -> str:
    """Write decimal gigabytes."""
    return _spoken(text.gigabytes(value))


@register.filter
def params(value: Maybe) -> str:
    """Write billions of parameters."""
    return _spoken(text.params(value))


@register.filter
def day(value: date | None) -> str:
    """Write a date that machines can read too."""
    if value is None:
        return UNKNOWN_HTML
    return format_html('<time datetime="{}">{}</time>', text.iso(value), text.day(value))


@register.filter
def or_unknown(value: object) -> object:
    """Return the value, or the dash where there is none; 0 and False are values."""
    return UNKNOWN_HTML if value is None or value == "" else value
