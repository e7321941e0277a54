"""Editors edit, publishers also publish, nobody else gets in."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from apps.editing.models import Change
from apps.rules.models import Question, Rulebook
from tests.editors import LogIn
from tests.factories import ModelFactory, ScenarioFactory

pytestmark = pytest.mark.django_db


def test_both_groups_are_there_on_a_fresh_database() -> None:
    editor, publisher = Group.objects.order_by("name")
    assert (editor.name, publisher.name) == ("editor", "publisher")
    names = {
        group.name: set(group.permissions.values_list("content_type__app_label", "codename"))
        for group in (editor, publisher)
    }
    assert names["publisher"] - names["editor"] == {("rules", "publish_rulebook")}
    assert {("catalog", "change_model"), ("scenarios", "add_scenario")} <= names["editor"]
    assert ("rules", "change_choice") in names["editor"]
    assert not any(app in ("auth", "admin") for app, _ in names["publisher"])


@pytest.mark.parametrize(
    ("who", "status"), [("anonymous", 302), ("staff", 403), ("editor", 200), ("publisher", 200)]
)
@pytest.mark.parametrize(
    "page",
    [
        "catalog_model_changelist",
        "catalog_model_add",
        "catalog_model_import",
        "catalog_model_export",
        "catalog_offer_changelist",
        "catalog_price_export",
        "scenarios_scenario_add",
        "rules_rulebook_changelist",
        "rules_choice_changelist",
        "editing_change_changelist",
    ],
)
def test_who_may_open_what(log_in: LogIn, who: str, status: int, page: str) -> None:
    assert log_in(who).get(reverse(f"admin:{page}")).status_code == status


@pytest.mark.parametrize(
    ("who", "told"), [("editor", "You may not publish."), ("publisher", "only a draft")]
)
def test_only_publishers_publish(log_in: LogIn, who: str, told: str) -> None:
    version = Rulebook.objects.create(version=9, note="x", no_model="x", status="retired")
    page = log_in(who).post(
        reverse("admin:rules_rulebook_changelist"),
        {"action": "publish", "_selected_action": [version.pk]},
        follow=True,
    )
    assert told in page.text


@pytest.mark.parametrize("who", ["editor", "publisher"])
def test_nobody_edits_users_or_what_was_kept(log_in: LogIn, who: str) -> None:
    client = log_in(who)
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
    assert client.get(reverse("admin:editing_change_add")).status_code == 403


def test_who_may_not_change_a_row_cannot_put_it_back(log_in: LogIn) -> None:
    editor, staff = log_in("editor"), log_in("staff")
    for row in (ModelFactory.create(), ScenarioFactory.create()):
        url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])
        assert editor.post(url, {"post": "yes"}).status_code == 302
        kept = reverse("admin:editing_change_change", args=[Change.objects.all()[0].pk])
        assert staff.post(kept).status_code == 403
        assert not type(row).objects.exists()
        assert editor.post(kept).status_code == 302
        assert type(row).objects.exists()


def test_nothing_comes_back_into_a_version_that_was_published(log_in: LogIn) -> None:
    editor = log_in("editor")
    version = Rulebook.objects.create(version=9, note="x", no_model="x")
    question = Question.objects.create(
        rulebook=version,
        order=1,
        key="k",
        kind="choice",
        title="t",
        why="w",
        missing="m",
        short="s",
    )
    url = reverse("admin:rules_question_delete", args=[question.pk])
    assert editor.post(url, {"post": "yes"}).status_code == 302
    Rulebook.objects.update(status="retired")
    kept = reverse("admin:editing_change_change", args=[Change.objects.get().pk])
    assert editor.post(kept).status_code == 403
    Rulebook.objects.update(status="draft")
    assert editor.post(kept).status_code == 302
    assert Question.objects.get().rulebook == version
