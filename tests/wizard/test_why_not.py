"""What the recommendation says of the options that lose, and of what would have to differ."""

import re
from itertools import product

import pytest
from django.test import Client

from apps.engine.sentences import joined
from tests.visiting import RESULT, WHOLE, Query, Shown, document, shown, url, without

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

NAMES = {
    "Closed API": "closed-api",
    "Hosted open model": "hosted-open",
    "Open model on rented GPUs": "self-cloud",
    "Open model on your own hardware": "self-onprem",
    "Hybrid": "hybrid",
}
QUESTIONS = {"Data boundary": "boundary", "Reach of the limit": "scope", "Connection": "connection"}
RULED_OUT: list[dict[str, str | list[str]]] = [
    {**WHOLE, "boundary": boundary, "scope": scope, "connection": connection}
    for boundary, scope, connection in [
        ("own-cloud", "all", "always"),
        ("own-cloud", "part", "always"),
        ("own-premises", "all", "always"),
        ("own-premises", "part", "outages"),
        ("own-cloud", "all", "outages"),
        ("own-cloud", "all", "never"),
        ("own-premises", "all", "never"),
        ("contract", "all", "never"),
        ("contract", "all", "outages"),
    ]
]


def why_not(page: Shown) -> dict[str, str]:
    """Return what is said of each option that is not recommended, by its slug."""
    rows = [tag.text for tag in page.by_id("why-not").inside("li")]
    return {
        slug: row.removeprefix(name).strip()
        for row in rows
        for name, slug in NAMES.items()
        if row.startswith(f"{name} ") and not row.startswith(f"{name} on ")
    }


def labels(client: Client, key: str) -> dict[str, str]:
    """Return the answer behind each label of a question page."""
    page = shown(client, url(f"/decide/{key}/", WHOLE, then="result"))
    found = {tag["for"]: tag.text for tag in page.all("label")}
    return {found[tag["id"]]: tag["value"] for tag in page.all("input", type="radio")}


def ways(client: Client, text: str) -> list[list[tuple[str, str]]]:
    """Read 'Would qualify if …': for each requirement the answers that would meet it."""
    sentence = re.search(r"Would qualify if (.*)\.$", text)
    assert sentence is not None, text
    found: list[list[tuple[str, str]]] = []
    for clause in sentence[1].split("; and "):
        found.append([])
        for way in re.split(r", or (?=[A-Z][a-z ]+ were)", clause):
            short, listed = way.split(" were ")
            key = QUESTIONS[short]
            by_label = labels(client, key)
            found[-1] += [(key, by_label[label]) for label in re.findall("“(.*?)”", listed)]
    return found


def feasible(client: Client, option: str, answers: Query) -> bool:
    found = {o["option"]: o["feasible"] for o in document(client, answers)["options"]}
    return bool(found[option])


@pytest.mark.parametrize("answers", RULED_OUT, ids=range(len(RULED_OUT)))
def test_what_would_let_an_option_qualify_does_and_nothing_is_left_out(
    client: Client, answers: dict[str, str | list[str]]
) -> None:
    said = why_not(shown(client, url(RESULT, answers)))
    out = [o["option"] for o in document(client, answers)["options"] if not o["feasible"]]
    assert out
    for option in out:
        assert said[option].startswith("Ruled out by “")
        offered = ways(client, said[option])
        for changes in product(*offered):
            assert feasible(client, option, {**answers, **dict(changes)}), (option, changes)
        # What is not offered does not help, with all other requirements met.
        for place, clause in enumerate(offered):
            rest = dict(change for n, other in enumerate(offered) if n != place for change in other)
            for key in dict(clause):
                for value in labels(client, key).values():
                    if value not in {"unsure", answers[key]} and (key, value) not in clause:
                        changed = {**answers, **rest, key: value}
                        assert not feasible(client, option, changed), (option, key, value)


def test_a_requirement_of_two_answers_is_named_whole(client: Client) -> None:
    said = why_not(shown(client, url(RESULT, RULED_OUT[0])))
    assert said["hybrid"] == (
        "Ruled out by “Only to machines that you alone control, in your cloud account” and "
        "“For all requests”. Would qualify if Data boundary were “To any vendor, on its "
        "standard terms”, “To a vendor with a data-processing contract”, “To a vendor with "
        "strict terms, such as no retention or a fixed region” or “Only to the model service "
        "of the cloud that already holds it”, or Reach of the limit were “For a part that can"
        " be told apart”."
    )


# The answers that decided it


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({**WHOLE, "connection": "never"}, ["Connection"]),
        (
            {**WHOLE, "boundary": "own-premises", "scope": "all", "connection": "never"},
            ["Data boundary", "Connection", "Reach of the limit"],
        ),
        ({"boundary": "own-premises", "scope": "all"}, ["Data boundary", "Reach of the limit"]),
    ],
)
def test_where_one_option_is_left_what_ruled_the_rest_out_decided_it(
    client: Client, answers: Query, expected: list[str]
) -> None:
    page = shown(client, url(RESULT, answers))
    assert page.heading == "Open: on your own hardware, the only option left"
    assert "Every other option is ruled out by a must-have." in page.text
    block = page.one("dl", class_="deciders")
    assert [tag.text for tag in block.inside("dt")] == expected
    assert block.text.count("rules out") == len(expected)
    assert "points more" not in block.text


def test_a_must_have_that_took_the_leader_away_is_among_what_decided_it(client: Client) -> None:
    answers = {**WHOLE, "boundary": "own-cloud", "scope": "all", "team": "ml-platform"}
    assert document(client, answers)["verdict"]["option"] in {"self-cloud", "self-onprem"}
    block = shown(client, url(RESULT, answers)).one("dl", class_="deciders")
    assert "Data boundary" in [tag.text for tag in block.inside("dt")]
    assert "rules out Closed API, Hosted open model and Hybrid" in block.text


# Open answers


def test_the_shown_case_names_every_open_answer_that_the_amounts_rest_on(client: Client) -> None:
    page = shown(client, url(RESULT, without(WHOLE, "modality", "volume")))
    case = re.search(r"Not sure yet: (.*?)\. The amounts", page.by_id("money").text)
    assert case is not None
    assert "inputs (shown: " in case[1]
    assert "requests a day (shown: " in case[1]


def test_where_nothing_is_answered_nothing_is_said_to_change_it(client: Client) -> None:
    assert "No question is answered yet" in shown(client, RESULT).by_id("changes").text


def test_a_model_that_lacks_something_is_not_called_suitable(client: Client) -> None:
    answers = {**WHOLE, "boundary": "own-premises", "scope": "all", "modality": "live-av"}
    model = shown(client, url(RESULT, answers)).all("article", class_="model")[0]
    assert "What this one lacks: it is not recorded as reading live audio and video" in model.text
    assert "Worth most of the models that come nearest: $" in model.text


def test_a_question_that_is_not_asked_is_not_called_open(client: Client) -> None:
    page = shown(
        client, url(RESULT, {"boundary": "own-cloud", "scope": "all", "connection": "outages"})
    )
    assert "Audience: not asked" in page.text
    assert "Answer: Audience" not in page.text
    assert "Answer: Requests a day" in page.text


def test_an_option_that_is_not_always_possible_is_told_so(client: Client) -> None:
    answers = without(WHOLE, "scope", "terms", "rules") | {
        "boundary": "own-premises",
        "task": "expert",
        "priority": "quality",
        "volume": "100000",
        "team": "ml-platform",
        "training": "prompts",
        "size": "document",
        "modality": "images",
        "hardware": "laptop",
    }
    page = shown(client, url(RESULT, answers))
    scores = {o["option"]: o["score"] for o in document(client, answers)["options"]}
    assert scores["hybrid"] > scores["self-onprem"]
    assert "but a must-have that is not known rules it out in some of them." in page.text
    assert "as it is ruled out in others." in why_not(page)["hybrid"]
    assert "because Hybrid is ruled out in some of them." in page.by_id("why").text


def test_the_parts_of_a_split_say_shared_words_once(client: Client) -> None:
    answers = {**without(WHOLE, "boundary", "scope"), "scope": "all"}
    split = shown(client, url(RESULT, answers)).one("ul", class_="split")
    assert (
        "If your data may go to any vendor, to a vendor only under a data-processing contract, to "
        "a vendor only under strict terms or only to the model service of your own cloud"
    ) in [tag.text for tag in split.inside("p")]


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        (["it must run"], "it must run"),
        (["it must run", "it has to stop"], "it must run or it has to stop"),
        (["you may go", "you may stay", "you may sleep"], "you may go, stay or sleep"),
        # A clause keeps words of its own.
        (["you may go", "you may go home"], "you may go or you may go home"),
    ],
)
def test_clauses_are_joined_as_people_do(phrases: list[str], expected: str) -> None:
    assert joined(phrases, "or") == expected
