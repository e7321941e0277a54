"""A draft is looked at, weighed and published by a second person, with words of its own."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.rules import compile, impact, lint, publishing
from apps.rules.models import (
    AskedIf,
    BaseValue,
    Choice,
    HostRequirement,
    OptionText,
    PointEffect,
    Provenance,
    Question,
    Rulebook,
    Status,
    VetoEffect,
)
from apps.rules.musts import weakened
from apps.scenarios.models import Scenario
from tests.admin_forms import opened, url_of
from tests.editors import LogIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

TODAY = date(2026, 11, 25)
WORDS = publishing.Approval("What is new.")


@pytest.fixture
def draft() -> Rulebook:
    return publishing.copy_to_draft(Rulebook.objects.get())


@pytest.fixture(autouse=True)
def small_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask few sets of answers, where the number is not what a test is about."""
    monkeypatch.setattr(impact, "SAMPLE", 40)


def page(client: Client, draft: Rulebook, **sent: object) -> str:
    """Open the page of a draft, or compute its impact and send its form."""
    url = reverse("admin:rules_publish", args=[draft.pk])
    if sent:
        client.post(reverse("admin:rules_impact", args=[draft.pk]))
    return (client.post(url, sent, follow=True) if sent else client.get(url)).text


def reasons(draft: Rulebook, approval: publishing.Approval = WORDS) -> str:
    with pytest.raises(publishing.NotPublishableError) as refused:
        publishing.publish(draft, TODAY, approval)
    return " ".join(refused.value.reasons)


def choice(draft: Rulebook, question: str, key: str) -> Choice:
    return Choice.objects.get(question__rulebook=draft, question__key=question, key=key)


def test_a_version_is_published_with_words_of_its_own(draft: Rulebook) -> None:
    for note in ("  ", draft.note):
        assert "Say in the note what is new" in reasons(draft, publishing.Approval(note))
    publishing.publish(draft, TODAY, WORDS)
    assert Rulebook.objects.get(pk=draft.pk).note == "What is new."


def test_who_edited_last_does_not_publish(
    log_in: LogIn, draft: Rulebook, settings: Settings
) -> None:
    first, second = log_in("publisher"), log_in("publisher-2")
    question = Question.objects.filter(rulebook=draft)[0]
    data = opened(first, question) | {"hint": "A new hint."}
    assert first.post(url_of(question), data).status_code == 302
    told = page(first, draft, note="A hint.")
    assert "You edited this draft last: somebody else has to publish it." in told
    assert Rulebook.objects.get(pk=draft.pk).status == Status.DRAFT
    settings.PUBLISH_ALONE = True
    assert publishing.is_own(draft, User.objects.get(username="publisher")) is False
    settings.PUBLISH_ALONE = False
    assert f"Version {draft.version} is published." in page(second, draft, note="A hint.")
    story = Provenance.objects.get(rulebook=draft)
    assert str(story.published_by) == "publisher-2"


def test_a_deletion_makes_its_editor_the_last_one(log_in: LogIn, draft: Rulebook) -> None:
    publisher = log_in("publisher")
    question = Question.objects.get(rulebook=draft, key="audience")
    assert publisher.post(url_of(question, "delete"), {"post": "yes"}).status_code == 302
    assert publishing.is_own(draft, User.objects.get(username="publisher"))


def test_a_must_have_that_is_gone_is_confirmed_by_itself(draft: Rulebook) -> None:
    VetoEffect.objects.filter(
        choice=choice(draft, "boundary", "own-premises"), option__in=("closed-api", "self-cloud")
    ).delete()
    told = reasons(draft)
    assert "“Not beyond your own premises or devices” (Data boundary) no longer rules out" in told
    assert "Closed API" in told
    assert "Open model on rented GPUs" in told
    keys = {"boundary:own-premises:closed-api"}
    assert "Closed API" not in reasons(draft, replace(WORDS, confirmed=frozenset(keys)))
    keys.add("boundary:own-premises:self-cloud")
    publishing.publish(draft, TODAY, replace(WORDS, confirmed=frozenset(keys)))
    assert Rulebook.objects.published().get() == draft


def test_the_page_ticks_each_must_have_apart(log_in: LogIn, draft: Rulebook) -> None:
    publisher = log_in("publisher")
    VetoEffect.objects.filter(choice=choice(draft, "connection", "outages")).delete()
    told = page(publisher, draft)
    assert told.count('name="confirmed"') == 3
    assert "Confirm this, or take it back" in page(publisher, draft, note="No outages.")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: Question.objects.get(rulebook=d, key="connection").delete(), "is asked no more"),
        (
            lambda d: AskedIf.objects.create(
                question=Question.objects.get(rulebook=d, key="connection"),
                parent="stage",
                answers="scaling",
            ),
            "is asked less often",
        ),
        (
            lambda d: Question.objects.filter(rulebook=d, key="stage").update(kind="several"),
            "takes its answers in another way",
        ),
        (lambda d: choice(d, "connection", "never").delete(), "is no answer any more"),
        (
            lambda d: VetoEffect.objects.filter(
                choice=choice(d, "connection", "never"), option="hybrid"
            ).update(only_if=choice(d, "scope", "all")),
            "no longer rules out Hybrid in every case",
        ),
    ],
)
def test_whatever_visitors_lose_is_listed(draft: Rulebook, change: object, told: str) -> None:
    before = compile.compiled(draft)
    change(draft)  # type: ignore[operator]
    found = weakened(before, compile.compiled(draft))
    assert any(told in one.sentence for one in found)
    assert len({one.key for one in found}) == len(found)


def test_a_stricter_draft_weakens_nothing(draft: Rulebook) -> None:
    before = compile.compiled(draft)
    assert weakened(before, before) == ()
    VetoEffect.objects.filter(choice__question__rulebook=draft).update(only_if=None)
    assert weakened(before, compile.compiled(draft)) == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda d: AskedIf.objects.filter(question__rulebook=d, question__key="scope").update(
                answers=" "
            ),
            "is never asked",
        ),
        (
            lambda d: Choice.objects.filter(question__rulebook=d, key="scaling").update(phrase=""),
            "has no words for “because …”",
        ),
        (
            lambda d: Choice.objects.filter(question__rulebook=d, key="scaling").update(label=" "),
            "has an answer without a label",
        ),
        (lambda d: OptionText.objects.filter(rulebook=d).update(name="Same"), "are called “Same”"),
        (
            lambda d: PointEffect.objects.filter(choice=choice(d, "stage", "scaling")).update(
                points=1e300
            ),
            "at most 10 is meant",
        ),
        (lambda d: BaseValue.objects.filter(rulebook=d).update(value=50), "tells none from"),
        (
            lambda d: Rulebook.objects.filter(pk=d.pk).update(close_call=1000, clear=1000),
            "too close to call",
        ),
        (
            lambda d: d.criterion_texts.update(as_of=TODAY + timedelta(days=999)),
            "is dated after today",
        ),
        (
            lambda d: d.criterion_texts.update(basis_url="javascript:alert(1)"),
            "has a link that is no web page",
        ),
    ],
)
def test_rules_that_nobody_means_are_not_published(
    draft: Rulebook, change: object, told: str
) -> None:
    change(draft)  # type: ignore[operator]
    assert told in " ".join(lint.shortcomings(compile.compiled(draft), TODAY))
    assert told in reasons(draft)


def test_an_answer_that_rules_out_everything_is_not_published(draft: Rulebook) -> None:
    for option in ("closed-api", "hosted-open", "hybrid", "self-cloud", "self-onprem"):
        VetoEffect.objects.create(choice=choice(draft, "stage", "scaling"), option=option)
    assert "rules out every option: leave one" in reasons(draft)


def test_what_breaks_a_check_is_a_reason(
    log_in: LogIn, draft: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> object:
        raise ValueError("tokens_in must be between 0 and 1e+09")

    monkeypatch.setattr(publishing, "_checks", [broken])
    told = page(log_in("publisher"), draft, note="x")
    assert "The rules cannot be computed with: tokens_in must be between" in told


def test_nothing_is_published_that_changed_while_it_was_checked(
    draft: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*args: object) -> list[str]:
        Question.objects.filter(rulebook=draft, key="stage").update(hint="changed")
        return []

    monkeypatch.setattr(publishing, "_checks", [slow])
    assert "Somebody changed the rules meanwhile" in reasons(draft)
    assert Rulebook.objects.published().get().version == 1


def test_impact_says_what_changes_for_whom(log_in: LogIn, draft: Rulebook) -> None:
    editor = log_in("editor")
    url = reverse("admin:rules_impact", args=[draft.pk])
    assert "Compute the impact" in page(editor, draft)
    editor.post(url)
    told = page(editor, draft)
    assert "Asked 40 of 40 sets of answers" in told
    assert "The option changes in <strong>0%</strong>" in told
    assert f"Scenarios: 0 of {Scenario.objects.count()} change" in told

    BaseValue.objects.filter(rulebook=draft, option="closed-api").update(value=0)
    # What was computed of another draft counts no more.
    assert "Compute the impact" in page(editor, draft)
    editor.post(url)
    told = page(editor, draft)
    assert told.count("Examples to open") == 1
    assert 0 < told.count(f"/rules/{draft.version}/decide/result/?") <= impact.EXAMPLES
    assert "<td>0%</td>" in told
    found = Provenance.objects.get(rulebook=draft).impact
    assert found["options_changed"] == sum(found["moves"].values()) > 0
    assert sum(found["wins_before"].values()) == sum(found["wins_after"].values()) == 40
    assert found["cases"]


def test_impact_is_shown_as_it_grows(
    log_in: LogIn, draft: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impact, "SAMPLE", 2_000)
    url = reverse("admin:rules_impact", args=[draft.pk])
    part = log_in("editor").post(url, headers={"hx-request": "true"}).text
    assert "Asked 500 of 2000" in part
    assert 'hx-trigger="load"' in part
    assert "<html" not in part


def test_the_same_number_draws_the_same_answers_to_both(draft: Rulebook) -> None:
    rules = compile.compiled(draft)
    assert impact.drawn(rules, rules, 7) == impact.drawn(rules, rules, 7)
    assert impact.drawn(rules, rules, 7) != impact.drawn(rules, rules, 8)


def test_checks_are_shown_while_editing(log_in: LogIn, draft: Rulebook) -> None:
    editor = log_in("editor")
    assert "Nothing is wrong with this draft." in editor.get(url_of(draft)).text
    Question.objects.get(rulebook=draft, key="modality").delete()
    assert "There is no question “modality”" in editor.get(url_of(draft)).text


def test_two_versions_are_compared_in_words(log_in: LogIn, draft: Rulebook) -> None:
    editor = log_in("editor")
    Question.objects.filter(rulebook=draft, key="stage").update(title="Where are you?")
    VetoEffect.objects.create(choice=choice(draft, "stage", "scaling"), option="hybrid")
    PointEffect.objects.filter(choice=choice(draft, "stage", "scaling")).update(points=2)
    BaseValue.objects.filter(rulebook=draft, criterion="speed", option="self-cloud").update(value=1)
    Question.objects.get(rulebook=draft, key="audience").delete()
    told = editor.get(reverse("admin:rules_compare", args=[draft.pk])).context["changes"]
    lines = {(one.where, one.what, one.old, one.new) for one in told}
    assert (
        "Question “Stage”",
        "title",
        "Where is your project now?",
        "Where are you?",
    ) in lines
    assert any(one.new == "rules out Hybrid" for one in told)
    assert any("+1.25 of 4" in one.old and "+2 of 4" in f"{told}" for one in told)
    assert any(one.where == "Value of Open model on rented GPUs" and one.new == "1" for one in told)
    assert any(
        "Who depends on the answers?" in one.where and one.what == "was removed" for one in told
    )


def test_shares_hosts_and_limits_are_compared_in_words(log_in: LogIn, draft: Rulebook) -> None:
    stage = Question.objects.get(rulebook=draft, key="stage")
    Question.objects.filter(pk=stage.pk).update(shares_reason="Counted in a survey.")
    HostRequirement.objects.filter(choice=choice(draft, "rules", "hipaa"), facts="hipaa").update(
        facts="hipaa audited"
    )
    Rulebook.objects.filter(pk=draft.pk).update(capability_floor=0.6)
    url = reverse("admin:rules_compare", args=[draft.pk])
    told = log_in("editor").get(url).context["changes"]
    lines = {(one.where, one.what): (one.old, one.new) for one in told}
    assert lines["Question “Stage”, shares", "reason"][1] == "Counted in a survey."
    assert lines["Limits", "capability floor"] == ("0.5", "0.6")
    asked = [one.new for one in told if "asks of a host" in one.new]
    assert asked == [
        "asks of a host: has a SOC 2 Type II report or ISO 27001"
        " or signs a business associate agreement (HIPAA)"
    ]
    assert not any("HostClause" in f"{one.old}{one.new}" for one in told)


def test_back_to_an_older_version_is_a_draft_of_it(log_in: LogIn, draft: Rulebook) -> None:
    publishing.publish(draft, TODAY, WORDS)
    old = Rulebook.objects.get(version=1)
    editor = log_in("editor")
    editor.post(reverse("admin:rules_copy", args=[old.pk]))
    back = Rulebook.objects.get(version=3)
    assert compile.compiled(back).questions == compile.compiled(old).questions
    assert Provenance.objects.get(rulebook=back).copied_from == old


def test_values_are_edited_as_one_table(log_in: LogIn, draft: Rulebook) -> None:
    editor, other = log_in("editor"), log_in("editor-2")
    url = reverse("admin:rules_values", args=[draft.pk])
    form = editor.get(url).context["form"]
    sent = {bound.html_name: bound.value() for bound in form}
    # Each with what it was; four values of the hybrid follow from its parts.
    assert len(sent) == 2 * (8 * 5 - 4)
    assert "speed.hybrid" not in sent
    assert editor.post(url, sent | {"speed.self-cloud": "12,5"}).status_code == 302
    changed = BaseValue.objects.get(rulebook=draft, criterion="speed", option="self-cloud")
    assert changed.value == 12.5
    assert not BaseValue.objects.filter(criterion="speed", option="hybrid").exists()
    refused = other.post(url, sent | {"speed.self-cloud": "7"})
    assert "Somebody else made it 12.5 meanwhile." in refused.text
    assert (
        "Ensure this value is less than" in other.post(url, sent | {"speed.self-cloud": "101"}).text
    )
    assert (
        editor.post(
            reverse("admin:rules_values", args=[Rulebook.objects.get(version=1).pk]), sent
        ).status_code
        == 403
    )


def test_the_map_says_in_text_what_it_shows(log_in: LogIn, draft: Rulebook) -> None:
    told = log_in("editor").get(reverse("admin:rules_map", args=[draft.pk])).text
    assert '<svg role="img"' in told
    assert "rules out Closed API" in told
    assert "“For all requests” asks" not in told
    assert "waits for “For all requests”" in told
    assert "asked only where Data boundary is" in told


def test_an_answer_says_what_it_does(log_in: LogIn, draft: Rulebook) -> None:
    question = Question.objects.get(rulebook=draft, key="boundary")
    told = log_in("editor").get(url_of(question)).text
    assert "rules out Hybrid, only beside “For all requests” (Reach of the limit)" in told
    assert "makes Data control more important: +4 of 4, the most that one answer adds" in told


def test_forms_name_things_as_pages_do(log_in: LogIn, draft: Rulebook) -> None:
    told = log_in("editor").get(url_of(choice(draft, "boundary", "own-premises"))).text
    assert "Reach of the limit: For all requests" in told
    assert ">Data control</option>" in told
    assert ">Open model on rented GPUs</option>" in told


@pytest.mark.parametrize(
    ("who", "status"), [("anonymous", 302), ("staff", 403), ("editor", 200), ("publisher", 200)]
)
@pytest.mark.parametrize("name", ["publish", "compare", "map", "values"])
def test_who_may_look(log_in: LogIn, draft: Rulebook, who: str, status: int, name: str) -> None:
    url = reverse(f"admin:rules_{name}", args=[draft.pk])
    assert log_in(who).get(url).status_code == status


def test_an_editor_does_not_publish(log_in: LogIn, draft: Rulebook) -> None:
    url = reverse("admin:rules_publish", args=[draft.pk])
    assert log_in("editor").post(url, {"note": "x"}).status_code == 403
    assert log_in("staff").post(url, {"note": "x"}).status_code == 403
    assert Rulebook.objects.get(pk=draft.pk).status == Status.DRAFT


@pytest.mark.parametrize("table", [Rulebook, Question, Choice, OptionText])
def test_every_field_says_what_it_means(
    log_in: LogIn, draft: Rulebook, table: type[Rulebook | Question | Choice | OptionText]
) -> None:
    row = table._default_manager.filter(**{table.path("pk"): draft.pk})[0]
    page = log_in("editor").get(url_of(row)).context
    forms = [page["adminform"].form]
    forms += [one.formset.empty_form for one in page["inline_admin_formsets"]]
    silent = {
        f"{form._meta.model.__name__}.{name}"
        for form in forms
        for name, field in form.fields.items()
        if not field.help_text and not field.widget.is_hidden and name != "DELETE"
    }
    # What a row belongs to names itself.
    assert silent <= {"Question.rulebook", "Choice.question", "OptionText.rulebook"}
