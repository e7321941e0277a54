"""Whatever comes between an editor and a saved form, what was typed is not lost."""

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.catalog.models import Model
from apps.common.rows import unlocked
from apps.editing.interrupted import csrf_failure
from apps.rules.models import Question, Rulebook
from tests.admin_forms import opened, url_of
from tests.editors import LogIn
from tests.factories import ModelFactory

pytestmark = pytest.mark.django_db
OWN = {"origin": "http://testserver"}


def test_a_session_that_ended_keeps_what_was_typed(log_in: LogIn) -> None:
    editor = log_in("editor")
    model = ModelFactory.create(access="before")
    data = opened(editor, model) | {"access": "<typed> at length"}
    editor.logout()
    page = editor.post(url_of(model), data, headers=OWN)
    assert page.status_code == 403
    assert "your session has ended" in page.text
    assert "&lt;typed&gt; at length" in page.text
    assert "Send it again" in page.text
    assert Model.objects.get().access == "before"
    editor.force_login(User.objects.get(username="editor"))
    again = {name: value for name, value in page.context["fields"] if name in data}
    assert editor.post(url_of(model), {**data, **again}).status_code == 302
    assert Model.objects.get().access == "<typed> at length"


def test_a_form_with_an_old_token_keeps_what_was_typed(log_in: LogIn) -> None:
    log_in("editor")
    model = ModelFactory.create()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="editor"))
    page = strict.post(url_of(model), {"access": "typed"}, headers=OWN)
    assert page.status_code == 403
    assert "the form was too old" in page.text
    assert 'name="access" value="typed"' in page.text
    assert "editors’ side" in page.text


def test_what_another_site_sent_is_never_sent_again(log_in: LogIn) -> None:
    log_in("editor")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="editor"))
    url = reverse("admin:catalog_model_add")
    page = strict.post(url, {"access": "theirs"}, headers={"origin": "https://evil.example"})
    assert page.status_code == 403
    assert "Send it again" not in page.text


def test_a_token_that_does_not_fit_is_told_to_the_public_in_their_own_page(
    rf: RequestFactory,
) -> None:
    page = csrf_failure(rf.post("/costs/"))
    assert page.status_code == 403
    assert "editors’ side" not in page.text


def test_a_part_of_what_was_published_meanwhile_is_not_lost(log_in: LogIn) -> None:
    editor = log_in("editor")
    draft = Rulebook.objects.create(version=9, note="x", no_model="x")
    question = Question.objects.create(
        rulebook=draft, order=1, key="k", kind="choice", title="t", why="w", missing="m", short="s"
    )
    data = opened(editor, question) | {"hint": "A hint that took long."}
    with unlocked():
        Rulebook.objects.update(status="published", published_on="2026-11-22")
    page = editor.post(url_of(question), data, headers=OWN)
    assert page.status_code == 403
    assert "Version 9 is no draft any more: it was published on 22 November 2026." in page.text
    assert "A hint that took long." in page.text
    assert Question.objects.get().hint == ""


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("staff", "catalog/model/", 403),
        ("editor", "auth/user/", 403),
        ("editor", "catalog/nothing/", 404),
        ("editor", "catalog/model/99999/history/1/", 404),
    ],
)
def test_errors_of_the_editors_side_are_its_own(
    log_in: LogIn, who: str, path: str, status: int
) -> None:
    page = log_in(who).get(reverse("admin:index") + path)
    assert page.status_code == status
    assert "editors’ side" in page.text
    assert page.text.count("<h1") == 1


def test_what_breaks_on_the_editors_side_is_told_there(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ArithmeticError("broken")

    editor = log_in("editor")
    editor.raise_request_exception = False
    model = ModelFactory.create()
    data = opened(editor, model)
    monkeypatch.setattr("apps.editing.audit.record", broken)
    page = editor.post(url_of(model), data)
    assert page.status_code == 500
    assert "nothing was saved" in page.text
    assert "editors’ side" in page.text
