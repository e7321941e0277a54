"""Limited Markdown in the texts of editors: emphasis, links to the web and lists, nothing else."""

from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

# Everything is off but these; a line stays a line.
_PARSER = MarkdownIt("zero", {"breaks": True}).enable(
    ["emphasis", "escape", "link", "list", "newline"]
)
_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li"}


def block(text: str) -> SafeString:
    """Return paragraphs and lists."""
    return _clean(_PARSER.render(text))


def line(text: str) -> SafeString:
    """Return a text that stands within a paragraph of the page."""
    return _clean(_PARSER.renderInline(text))


def _clean(html: str) -> SafeString:
    # The parser makes nothing else; whatever it might let through one day is taken out here.
    return SafeString(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}},
            attribute_filter=_without_credentials,
            url_schemes={"http", "https"},
            link_rel="external nofollow noopener",
        ).strip()
    )


def _without_credentials(tag: str, attribute: str, value: str) -> str | None:
    return None if "@" in urlsplit(value).netloc else value
