"""A table in the frame that scrolls it where the screen is narrow."""

from django.template import Library
from django.template.loader import get_template
from django.utils.safestring import SafeString

register = Library()


@register.simple_block_tag
def table(content: SafeString, kind: str = "", *, caption: str = "", label: str = "") -> str:
    """Frame the caption, head and rows of a table; it is named by the `caption` with that id.

    Where a table has no caption of its own, `label` names it.
    """
    context = {"content": content, "kind": kind, "caption": caption, "label": label}
    return get_template("components/table.html").render(context)
