"""Where the answers lead: redirects, Back, Change, Start again."""

import pytest
from django.test import Client

from tests.method import ASKED_IF
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
    way,
    way_to,
    without,
)
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

# The way of somebody whose own hardware is all that is left; two questions are not asked.
OFFLINE = without(way(connection="never", hardware="laptop"), "audience", "priority")
# Answers that put no limit on the data.
FREE = without(way(boundary="any-vendor"), "scope")


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
    assert leads_to(client, question("scope", FREE)) == url(RESULT, FREE)
    assert leads_to(client, question("audience", OFFLINE)) == url(RESULT, OFFLINE)


# Each question with a condition, and answers that do not meet it.
NOT_ASKED = {key: {"stage": "scaling", "boundary": "any-vendor"} for key in ASKED_IF}
NOT_ASKED["hardware"] = {**NOT_ASKED["hardware"], "connection": "always"}


def test_every_question_with_a_condition_is_among_those_that_are_tried(world: World) -> None:
    assert NOT_ASKED.keys() == {q.key for q in world.rulebook.questions if q.asked_if}


@pytest.mark.parametrize(
    "given", ["zzz", "all", ["all", "part"], ["zzz", "aws"], "laptop", "a\0b", "unsure"]
)
@pytest.mark.parametrize(
    "more", [{}, {"next": "1"}, {"then": "result"}, {"then": "x", "next": "1"}]
)
@pytest.mark.parametrize("key", NOT_ASKED)
def test_a_question_that_is_not_asked_leads_on_whatever_it_is_answered_with(
    client: Client, key: str, more: dict[str, str], given: str | list[str]
) -> None:
    answers = NOT_ASKED[key]
    due = "rules" if key == "hardware" else "connection"
    following = url(RESULT, answers) if "then" in more else question(due, answers)
    assert leads_to(client, question(key, answers, **{key: given}, **more)) == following


@pytest.mark.parametrize("key", ["audience", "priority"])
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
    for key in reversed(WHOLE):
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
    assert asked == ["stage", *list(WHOLE)[list(WHOLE).index("task") :]]
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
    answers = way_to(key)
    address = change(client, answers, key)
    assert walk(client, answers, address) == [key, url(RESULT, answers)]


def test_back_from_a_change_returns_to_the_result_as_it_was(client: Client) -> None:
    page = shown(client, change(client, WHOLE, "team"))
    assert back(page) == url(RESULT, WHOLE)


def test_a_limit_on_the_data_asks_its_reach_and_then_returns(client: Client) -> None:
    after = way(boundary="own-cloud", scope="all")
    address = change(client, FREE, "boundary")
    assert walk(client, after, address) == ["boundary", "scope", url(RESULT, after)]


def test_a_problem_on_the_way_does_not_lose_what_is_newly_asked(client: Client) -> None:
    page = shown(client, change(client, FREE, "boundary"))
    kept = {tag["name"]: tag["value"] for tag in page.all("input", type="hidden")}
    # As the browser sends it where the choice was taken back.
    problem = shown(client, url("/decide/boundary/", kept), status=422)
    again = {tag["name"]: tag["value"] for tag in problem.all("input", type="hidden")}
    assert again == kept
    address = leads_to(client, url("/decide/boundary/", again, boundary="own-cloud"))
    assert parts(address)[0] == "/decide/scope/"


def test_a_connection_again_asks_what_was_not_asked_and_then_returns(client: Client) -> None:
    address = change(client, OFFLINE, "connection")
    newly = ["audience", "priority"]
    assert walk(client, WHOLE, address) == ["connection", *newly, url(RESULT, WHOLE)]


def test_no_connection_any_more_asks_for_the_hardware_and_returns(client: Client) -> None:
    address = change(client, WHOLE, "connection")
    *asked, _ = walk(client, {**WHOLE, "connection": "never", "hardware": "laptop"}, address)
    assert asked == ["connection", "hardware"]


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
    expected = document(client, FREE)
    for key, value in (
        *(("scope", scope) for scope in ("all", "part", "unsure")),
        ("terms", "audited"),
        ("cloud", "aws"),
        ("hardware", "laptop"),
    ):
        assert document(client, {**FREE, key: value}) == expected
    sized = {**WHOLE, "tokens_in": "5", "tokens_out": "7"}
    assert document(client, sized) == document(client, WHOLE)


def test_an_answer_that_applies_has_an_effect(client: Client) -> None:
    inside = way(boundary="own-cloud")
    first, second = (document(client, {**inside, "scope": scope}) for scope in ("all", "part"))
    assert first["options"] != second["options"]


def test_the_reach_of_a_limit_can_be_changed_where_it_leaves_one_option(client: Client) -> None:
    answers = way(boundary="own-premises", scope="all", hardware="gpu-server")
    page = shown(client, url(RESULT, answers))
    change = next(tag["href"] for tag in page.all("a") if tag.text == "Change: Reach of the limit")
    assert shown(client, change).heading == ("Does the limit on your data hold for every request?")
