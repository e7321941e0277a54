"""Editors edit, publishers also publish, nobody else gets in."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from apps.common.rows import unlocked
from apps.rules.models import Question, Rulebook
from tests.admin_forms import opened, url_of
from tests.editors import LogIn
from tests.factories import DefinitionFactory, ModelFactory
from tests.recorded import version_url, versions

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
        "catalog_exchangerate_changelist",
        "scores_snapshotproposal_changelist",
        "scenarios_scenario_add",
        "rules_rulebook_changelist",
        "rules_choice_changelist",
        "catalog_model_deleted",
        "rules_question_deleted",
    ],
)
def test_who_may_open_what(log_in: LogIn, who: str, status: int, page: str) -> None:
    assert log_in(who).get(reverse(f"admin:{page}")).status_code == status


@pytest.mark.parametrize(
    ("who", "told"), [("editor", "You may not publish."), ("publisher", "only a draft")]
)
def test_only_publishers_publish(log_in: LogIn, who: str, told: str) -> None:
    with unlocked():
        version = Rulebook.objects.create(version=9, note="x", no_model="x", status="retired")
    url = reverse("admin:rules_publish", args=[version.pk])
    assert told in log_in(who).post(url, {"note": "What is new."}, follow=True).text


@pytest.mark.parametrize("who", ["editor", "publisher"])
def test_nobody_edits_users_or_what_was_recorded(log_in: LogIn, who: str) -> None:
    assert log_in(who).get(reverse("admin:auth_user_changelist")).status_code == 403
    assert not any(table._meta.app_label == "reversion" for table in admin.site._registry)


def test_who_may_not_change_a_row_cannot_put_it_back(log_in: LogIn) -> None:
    editor, staff = log_in("editor"), log_in("staff")
    for row in (ModelFactory.create(), DefinitionFactory.create()):
        url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])
        assert editor.post(url, {"post": "yes"}).status_code == 302
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_recover"
        recover = reverse(name, args=[versions(row)[0].pk])
        assert staff.get(recover).status_code == 403
        assert staff.post(recover).status_code == 403
        assert not type(row).objects.exists()
        assert editor.post(recover).status_code == 302
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
    with unlocked():
        Rulebook.objects.update(status="retired")
    recover = reverse("admin:rules_question_recover", args=[versions(question)[0].pk])
    assert editor.post(recover).status_code == 403
    assert not Question.objects.exists()
    with unlocked():
        Rulebook.objects.update(status="draft")
    assert editor.post(recover).status_code == 302
    assert Question.objects.get().rulebook == version


def test_a_published_version_is_not_put_back(log_in: LogIn) -> None:
    editor = log_in("editor")
    version = Rulebook.objects.create(version=9, note="first", no_model="x")
    data = opened(editor, version) | {"note": "second"}
    assert editor.post(url_of(version), data).status_code == 302
    with unlocked():
        Rulebook.objects.update(status="retired")
    url = version_url(version, versions(version)[0])
    page = editor.get(url)
    assert "first" in page.text
    assert "Put back" not in page.text
    assert editor.post(url).status_code == 403
    assert Rulebook.objects.get().note == "second"
