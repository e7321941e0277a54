"""Where the answers lead: redirects, Back, Change, Start again."""

import pytest
from django.test import Client

from tests.visiting import (
    KEYS,
    RESULT,
    WHOLE,
    Query,
    Shown,
    before,
    document,
    leads_to,
    parts,
    question,
    shown,
    url,
    walk,
    without,
)
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

# The way of somebody whose own hardware is all that is left; five questions are not asked.
OFFLINE = {
    **without(WHOLE, "team", "training", "audience", "deadline", "priority"),
    "connection": "never",
}


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("/decide/priority/", "/decide/stage/"),
        ("/decide/priority/?stage=scaling&utm_source=x", "/decide/boundary/?stage=scaling"),
        (
            "/decide/scope/?stage=scaling&boundary=any-vendor",
            "/decide/connection/?stage=scaling&boundary=any-vendor",
        ),
        (
            "/decide/team/?boundary=contract&stage=scaling",
            "/decide/connection/?stage=scaling&boundary=contract",
        ),
        (
            "/decide/team/?stage=scaling&boundary=contract&scope=all",
            "/decide/connection/?stage=scaling&boundary=contract",
        ),
        ("/decide/boundary/?stage=nonsense", "/decide/stage/"),
        ("/decide/team/?retry=0.1&size=custom&tokens_in=5", "/decide/stage/?retry=0.1"),
        ("/decide/team/?retry=0.1", "/decide/stage/?retry=0.1"),
    ],
)
def test_an_address_that_the_answers_do_not_lead_to_leads_on(
    client: Client, address: str, leads: str
) -> None:
    assert leads_to(client, address) == leads


def test_a_question_that_is_not_asked_leads_to_the_result_when_all_is_answered(
    client: Client,
) -> None:
    answers = {**without(WHOLE, "scope"), "boundary": "contract"}
    assert leads_to(client, question("scope", answers)) == url(RESULT, answers)
    assert leads_to(client, question("team", OFFLINE)) == url(RESULT, OFFLINE)


# Each question with a condition, and answers that do not meet it.
NOT_ASKED = {"scope": {"stage": "scaling", "boundary": "any-vendor"}}


def test_every_question_with_a_condition_is_among_those_that_are_tried(world: World) -> None:
    assert NOT_ASKED.keys() == {q.key for q in world.rulebook.questions if q.asked_if}


@pytest.mark.parametrize(
    "given", ["zzz", "all", ["all", "part"], ["zzz", "part"], "a\0b", "unsure"]
)
@pytest.mark.parametrize(
    "more", [{}, {"next": "1"}, {"then": "result"}, {"then": "x", "next": "1"}]
)
@pytest.mark.parametrize("key", NOT_ASKED)
def test_a_question_that_is_not_asked_leads_on_whatever_it_is_answered_with(
    client: Client, key: str, more: dict[str, str], given: str | list[str]
) -> None:
    answers = NOT_ASKED[key]
    following = url(RESULT, answers) if "then" in more else question("connection", answers)
    assert leads_to(client, question(key, answers, **{key: given}, **more)) == following


@pytest.mark.parametrize("key", ["team", "training", "audience", "deadline", "priority"])
@pytest.mark.parametrize("more", [{}, {"next": "1"}, {"then": "result", "next": "1"}])
def test_a_question_that_can_change_nothing_leads_on_whatever_it_is_answered_with(
    client: Client, key: str, more: dict[str, str]
) -> None:
    """Where one option is left, what only weighs the options is not asked."""
    address = question(key, {**OFFLINE, key: "zzz"}, **more)
    assert leads_to(client, address) == url(RESULT, OFFLINE)


def test_every_answered_question_can_be_opened_again(client: Client) -> None:
    for key in WHOLE:
        assert client.get(question(key, WHOLE)).status_code == 200


def test_unknown_keys_are_in_no_link_of_a_page(client: Client) -> None:
    address = question("boundary", stage="scaling", utm_source="x", tokens_in="5")
    page = shown(client, address)
    assert not [tag for tag in page.tags if "utm_source" in tag["href"] + tag["name"]]
    assert not [tag for tag in page.tags if "tokens_in" in tag["href"] + tag["name"]]


def test_back_leads_through_all_questions_to_the_start(client: Client) -> None:
    address = question("priority", WHOLE)
    for key in reversed(KEYS):
        path, query = parts(address)
        assert (path, query) == parts(question(key, WHOLE))
        address = back(shown(client, address))
    assert parts(address) == parts(url("/decide/", WHOLE))


def test_back_leaves_out_what_was_not_asked(client: Client) -> None:
    page = shown(client, question("connection", stage="scaling", boundary="contract"))
    assert parts(back(page))[0] == "/decide/boundary/"


def back(page: Shown) -> str:
    """Return where the link above the question leads."""
    return page.one("a", class_="back-link")["href"]


def test_an_earlier_answer_can_be_changed_on_the_way(client: Client) -> None:
    page = shown(client, question("task", before("task")))
    change = page.link("Change: Stage")
    *asked, address = walk(client, {**WHOLE, "stage": "exploring"}, change)
    assert asked == ["stage", *list(KEYS)[5:]]
    assert parts(address) == parts(url(RESULT, {**WHOLE, "stage": "exploring"}))


@pytest.mark.parametrize("address", [question("team", before("team")), url(RESULT, WHOLE)])
def test_start_again_forgets_everything(client: Client, address: str) -> None:
    fresh = shown(client, address).link("Start again")
    assert fresh == "/decide/"
    assert shown(client, fresh).link("Start with the first question") == "/decide/stage/"


# Change one answer from the result


def change(client: Client, answers: Query, key: str) -> str:
    """Return where the result's Change of an answer leads."""
    page = shown(client, url(RESULT, answers))
    links = [tag["href"] for tag in page.all("a") if tag.text.startswith("Change: ")]
    return next(link for link in links if parts(link)[0] == f"/decide/{key}/")


@pytest.mark.parametrize("key", KEYS)
def test_continue_after_a_change_returns_to_the_result(client: Client, key: str) -> None:
    address = change(client, WHOLE, key)
    assert walk(client, WHOLE, address) == [key, url(RESULT, WHOLE)]


def test_back_from_a_change_returns_to_the_result_as_it_was(client: Client) -> None:
    page = shown(client, change(client, WHOLE, "team"))
    assert back(page) == url(RESULT, WHOLE)


def test_a_limit_on_the_data_asks_its_reach_and_then_returns(client: Client) -> None:
    free = {**without(WHOLE, "scope"), "boundary": "any-vendor"}
    after = {**WHOLE, "boundary": "own-cloud", "scope": "all"}
    address = change(client, free, "boundary")
    assert walk(client, after, address) == ["boundary", "scope", url(RESULT, after)]


def test_a_problem_on_the_way_does_not_lose_what_is_newly_asked(client: Client) -> None:
    free = {**without(WHOLE, "scope"), "boundary": "any-vendor"}
    page = shown(client, change(client, free, "boundary"))
    kept = {tag["name"]: tag["value"] for tag in page.all("input", type="hidden")}
    # As the browser sends it where the choice was taken back.
    problem = shown(client, url("/decide/boundary/", kept), status=422)
    again = {tag["name"]: tag["value"] for tag in problem.all("input", type="hidden")}
    assert again == kept
    address = leads_to(client, url("/decide/boundary/", again, boundary="own-cloud"))
    assert parts(address)[0] == "/decide/scope/"


def test_a_connection_again_asks_what_was_not_asked_and_then_returns(client: Client) -> None:
    address = change(client, OFFLINE, "connection")
    newly = ["team", "training", "audience", "deadline", "priority"]
    assert walk(client, WHOLE, address) == ["connection", *newly, url(RESULT, WHOLE)]


def test_no_connection_any_more_returns_at_once(client: Client) -> None:
    address = change(client, WHOLE, "connection")
    *asked, _ = walk(client, {**WHOLE, "connection": "never"}, address)
    assert asked == ["connection"]


def test_what_was_open_before_stays_open_after_a_change(client: Client) -> None:
    early = {"stage": "scaling", "boundary": "contract"}
    address = change(client, early, "boundary")
    after = {**WHOLE, "boundary": "own-cloud", "scope": "part"}
    assert walk(client, after, address) == [
        "boundary",
        "scope",
        url(RESULT, stage="scaling", boundary="own-cloud", scope="part"),
    ]


def test_an_open_question_can_be_answered_from_the_result(client: Client) -> None:
    page = shown(client, url(RESULT, without(WHOLE, "team")))
    address = page.link("Answer: Team")
    assert walk(client, WHOLE, address) == ["team", url(RESULT, WHOLE)]


def test_the_rest_can_be_answered_from_the_result(client: Client) -> None:
    page = shown(client, url(RESULT, before("training")))
    *asked, _ = walk(client, WHOLE, page.link("Answer the next question"))
    assert asked == ["training", "audience", "deadline", "priority"]


@pytest.mark.parametrize("then", ["", "nonsense", "https://elsewhere.example/", "result,result"])
def test_where_to_go_next_is_never_taken_from_outside(client: Client, then: str) -> None:
    address = question("team", WHOLE, then=then, next="1")
    assert leads_to(client, address) == url(RESULT, WHOLE)


def test_answers_that_no_longer_apply_have_no_effect(client: Client) -> None:
    free = {**without(WHOLE, "scope"), "boundary": "any-vendor"}
    expected = document(client, free)
    for scope in ("all", "part", "unsure"):
        assert document(client, {**free, "scope": scope}) == expected
    sized = {**WHOLE, "tokens_in": "5", "tokens_out": "7"}
    assert document(client, sized) == document(client, WHOLE)


def test_an_answer_that_applies_has_an_effect(client: Client) -> None:
    inside = {**WHOLE, "boundary": "own-cloud"}
    first, second = (document(client, {**inside, "scope": scope}) for scope in ("all", "part"))
    assert first["options"] != second["options"]


def test_the_reach_of_a_limit_can_be_changed_where_it_leaves_one_option(client: Client) -> None:
    answers = {**WHOLE, "boundary": "own-premises", "scope": "all"}
    page = shown(client, url(RESULT, answers))
    change = next(tag["href"] for tag in page.all("a") if tag.text == "Change: Reach of the limit")
    assert shown(client, change).heading == ("Does the limit on your data hold for every request?")
