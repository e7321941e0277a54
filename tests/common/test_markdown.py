"""Texts of editors may be emphasised, linked and listed; nothing else gets through."""

import pytest

from apps.common import markdown

EXTERNAL = 'rel="external nofollow noopener"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<p>plain</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("[a](https://b.example/)", f'<p><a href="https://b.example/" {EXTERNAL}>a</a></p>'),
        ("R&D costs 5 < 6", "<p>R&amp;D costs 5 &lt; 6</p>"),
        ("2 * 3 * 4 and a_b_c", "<p>2 * 3 * 4 and a_b_c</p>"),
    ],
)
def test_what_may_be_written(text: str, html: str) -> None:
    assert markdown.block(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "[a](ftp://b.example/)",
        "![a](https://b.example/x.png)",
        '[a](https://b.example/ "onmouseover=x")',
        "[a](https://user:secret@b.example/)",
        "# heading",
        "`code`",
        "<style>p{}</style>",
    ],
)
def test_nothing_else_gets_through(text: str) -> None:
    for html in (markdown.block(text), markdown.line(text)):
        assert not any(
            word in html
            for word in ("<script", "<img", 'href="j', 'href="d', 'href="f', "@b.", "<h1", "<code")
        )
        assert "<style" not in html
        assert " onmouseover" not in html


def test_a_line_stands_within_its_paragraph() -> None:
    assert markdown.line("**a** b") == "<strong>a</strong> b"
