"""Who gets a whole page and who the part that is swapped."""

from dataclasses import dataclass

import pytest
from django.test import RequestFactory

from apps.common.htmx import redirect, render_page


@dataclass(frozen=True, slots=True)
class Page:
    """The least that a page needs."""

    heading: str = "A question"


@pytest.fixture(autouse=True)
def template(settings, tmp_path):  # type: ignore[no-untyped-def]
    """A page with a part, beside the templates of the product."""
    (tmp_path / "whole.html").write_text(
        "<html>{% partialdef part inline %}<h1>{{ page.heading }}</h1>"
        "{% if swapped %}<title>t</title>{% endif %}{% endpartialdef %}</html>"
    )
    engine = dict(settings.TEMPLATES[0], DIRS=[tmp_path])
    settings.TEMPLATES = [engine]


@pytest.mark.parametrize(
    ("headers", "partial", "swapped"),
    [
        ({}, "part", False),
        ({"HX-Request": "true"}, "part", True),
        ({"HX-Request": "true"}, None, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, "part", False),
        ({"HX-History-Restore-Request": "true"}, "part", False),
        ({"HX-Request": "true", "HX-Boosted": "true"}, "part", False),
        ({"HX-Request": "nonsense"}, "part", False),
    ],
)
def test_only_a_swap_gets_the_part(
    headers: dict[str, str], partial: str | None, swapped: bool
) -> None:
    request = RequestFactory().get("/", headers=headers)
    html = render_page(request, "whole.html", Page(), partial).content.decode()
    assert "<h1>A question</h1>" in html
    assert ("<html>" not in html) == swapped
    assert ("<title>" in html) == swapped


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize("partial", ["part", None])
def test_caches_are_told_that_pages_and_parts_differ(
    headers: dict[str, str], partial: str | None
) -> None:
    request = RequestFactory().get("/", headers=headers)
    response = render_page(request, "whole.html", Page(), partial)
    assert response["Vary"] == "HX-Request, HX-History-Restore-Request"


def test_the_status_is_the_callers() -> None:
    request = RequestFactory().get("/")
    assert render_page(request, "whole.html", Page(), status=422).status_code == 422


@pytest.mark.parametrize(
    ("headers", "push_url", "pushed"),
    [
        ({"HX-Request": "true"}, "/short/?a=b", "/short/?a=b"),
        ({"HX-Request": "true"}, "false", "false"),
        ({"HX-Request": "true"}, "", None),
        ({}, "/short/?a=b", None),
        ({"HX-Request": "true", "HX-Boosted": "true"}, "/short/?a=b", None),
    ],
)
def test_only_a_swap_changes_the_address_bar(
    headers: dict[str, str], push_url: str, pushed: str | None
) -> None:
    request = RequestFactory().get("/", headers=headers)
    response = render_page(request, "whole.html", Page(), "part", push_url=push_url)
    assert response.get("HX-Push-Url") == pushed


@pytest.mark.parametrize(
    ("headers", "whole", "status"),
    [
        ({}, True, 302),
        ({}, False, 302),
        ({"HX-Request": "true"}, False, 302),
        ({"HX-Request": "true"}, True, 200),
        ({"HX-Request": "true", "HX-Boosted": "true"}, True, 302),
    ],
)
def test_a_page_of_another_kind_is_opened_as_a_whole_and_kept_apart(
    headers: dict[str, str], whole: bool, status: int
) -> None:
    request = RequestFactory().get("/", headers=headers)
    response = redirect(request, "/there/?a=b", whole=whole)
    assert response.status_code == status
    assert response["Location" if status == 302 else "HX-Redirect"] == "/there/?a=b"
    assert response["Vary"] == "HX-Request, HX-History-Restore-Request"
