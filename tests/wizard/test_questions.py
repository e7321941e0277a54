"""One question a page: what it shows, what it takes, and what it says when it cannot."""

import pytest
from django.test import Client

from apps.engine.engine import Engine
from tests.visiting import (
    KEYS,
    RESULT,
    SIZES,
    STANDING,
    UNSURE,
    WHOLE,
    Shown,
    before,
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

# An answer to every question, whether it is asked or not.
ANY = {**WHOLE, "cloud": ["aws"], "hardware": "gpu-server"}
PICKED = [key for key, keys in KEYS.items() if keys]


def boxes(page: Shown, key: str) -> list[str]:
    """Return the values that can be picked, in order."""
    found = [tag for tag in page.all("input", name=key) if tag["type"] in {"radio", "checkbox"}]
    return [tag["value"] for tag in found]


def checked(page: Shown) -> list[str]:
    """Return the values that are picked."""
    return [tag["value"] for tag in page.all("input") if "checked" in tag.attributes]


# What a page shows


@pytest.mark.parametrize("key", KEYS)
def test_a_question_offers_its_choices_in_order_and_not_sure_last(client: Client, key: str) -> None:
    page = shown(client, question(key, before(key)))
    assert boxes(page, key) == [*KEYS[key], "unsure"]
    assert page.one("p", class_="or").text == "or"
    assert " or I’m not sure Continue" in page.text


@pytest.mark.parametrize("key", KEYS)
def test_a_fresh_question_is_its_legend_has_a_reason_and_nothing_is_picked(
    client: Client, key: str
) -> None:
    page = shown(client, question(key, before(key)))
    assert page.one("legend").text == page.heading
    assert page.by_id("why").text
    assert page.title == f"{page.heading} – OpenWeigh"
    assert not checked(page)
    assert not [tag for tag in page.all("input", type="text") if tag["value"]]
    button = page.one("button")
    assert button.text == "Continue"
    assert "disabled" not in button.attributes
    assert page.one("form")["method"] == "get"


@pytest.mark.parametrize("key", KEYS)
def test_the_page_of_an_answered_question_shows_the_answer(client: Client, key: str) -> None:
    page = shown(client, question(key, way_to(key)))
    given = way_to(key)[key]
    if key == "volume":
        assert page.by_id("volume")["value"] == "200,000"
    else:
        assert checked(page) == ([given] if isinstance(given, str) else given)


@pytest.mark.parametrize("key", KEYS)
def test_an_unsure_answer_is_shown_as_one(client: Client, key: str) -> None:
    page = shown(client, question(key, UNSURE))
    assert checked(page) == ["unsure"]


def test_every_choice_that_rules_out_says_so(client: Client) -> None:
    for key, ruling in (
        ("boundary", ["own-cloud", "own-premises"]),
        ("connection", ["outages", "never"]),
    ):
        page = shown(client, question(key, before(key)))
        for tag in page.all("input", name=key):
            if tag["value"] in ruling:
                assert page.by_id(tag["aria-describedby"]).text.startswith("Rules out")


def test_the_answers_so_far_are_listed_each_with_change(client: Client) -> None:
    page = shown(client, question("priority", before("priority")))
    rows = page.all("div", class_="summary-row")
    assert len(rows) == len(before("priority")) == 15
    assert "Requests a day 200,000 a day Change: Requests a day" in [row.text for row in rows]
    links = [tag["href"] for tag in page.all("a") if tag.text.startswith("Change")]
    assert [parts(link)[0].split("/")[2] for link in links] == list(before("priority"))
    assert all(parts(link)[1] == parts(links[0])[1] for link in links)


OWN_CLOUD = {"boundary": "own-cloud", "stage": "scaling", "scope": "all"}


def test_a_question_says_what_is_ruled_out_before_anything_is_computed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "standing", None)
    monkeypatch.setattr(Engine, "is_settled", None)
    page = shown(client, question("connection", OWN_CLOUD))
    assert ruled_out(page) == ["Closed API", "Hosted open model", "Hybrid"]
    assert [tag.text for tag in page.all("p", class_="standing-out")].count("Still possible") == 2


def test_the_shares_come_in_a_request_of_their_own(client: Client) -> None:
    page = shown(client, question("connection", OWN_CLOUD))
    (aside,) = page.all("aside")
    assert parts(aside["hx-get"]) == parts(url(STANDING, OWN_CLOUD))
    assert (aside["hx-trigger"], aside["hx-swap"]) == ("load", "outerHTML")
    part = Shown(client.get(aside["hx-get"], headers={"hx-request": "true"}).text)
    assert ruled_out(part) == ruled_out(page)
    (again,) = part.all("aside")
    assert "hx-get" not in again.attributes


def test_without_scripts_a_link_leads_to_the_shares(client: Client) -> None:
    page = shown(client, question("connection", OWN_CLOUD))
    alone = shown(client, page.link("How often each one wins"))
    assert len(alone.all("h1")) == 1
    assert len(alone.all("li", class_="standing-row")) == 5
    assert alone.link("← Back to the questions") == alone.link("Continue")
    assert parts(alone.link("Continue"))[0].startswith("/decide/")


def test_nothing_stands_before_the_first_answer(client: Client) -> None:
    assert not shown(client, "/decide/stage/").all("aside")
    assert leads_to(client, STANDING) == "/decide/"


def ruled_out(page: Shown) -> list[str]:
    rows = [tag.text for tag in page.all("li", class_="standing-row")]
    assert len(rows) == 5
    return [row.split(" Ruled")[0] for row in rows if "Ruled out by" in row]


def test_shares_of_the_standing_are_shares(client: Client) -> None:
    page = shown(client, url(STANDING, before("team")))
    shares = [tag.text for tag in page.all("span", class_="number")]
    whole = [int(share.strip("<>%")) for share in shares]
    assert len(shares) == 5
    assert 97 <= sum(whole) <= 105


def test_the_recommendation_so_far_is_offered_from_the_first_answer_on(client: Client) -> None:
    assert "See the recommendation" not in shown(client, "/decide/stage/").text
    page = shown(client, question("boundary", stage="scaling"))
    assert page.link("See the recommendation so far") == url(RESULT, stage="scaling")


# Nothing but hardware of one's own is left.
INSIDE = {"stage": "scaling", "boundary": "unsure", "connection": "never", "hardware": "laptop"}


def test_what_is_settled_is_said_and_offered(client: Client) -> None:
    page = shown(client, url(STANDING, INSIDE))
    notice = page.one("div", class_="notice")
    assert "cannot change the recommendation: Open model on your own hardware" in notice.text
    assert parts(page.link("See the recommendation"))[0] == RESULT


def test_nothing_is_called_settled_while_it_is_open(client: Client) -> None:
    page = shown(client, url(STANDING, stage="scaling"))
    assert not page.all("div", class_="notice")


# What is asked


def test_the_whole_way_asks_every_question_once(client: Client) -> None:
    *asked, address = walk(client, WHOLE)
    assert asked == list(WHOLE)
    assert parts(address) == parts(url(RESULT, WHOLE))


def test_not_sure_is_an_answer_to_every_question(client: Client) -> None:
    *asked, address = walk(client, UNSURE)
    assert asked == list(KEYS)
    assert parts(address) == parts(url(RESULT, UNSURE))


@pytest.mark.parametrize(
    ("boundary", "asked"),
    [
        ("any-vendor", False),
        ("contract", False),
        ("strict-contract", True),
        ("cloud-service", True),
        ("own-cloud", True),
        ("own-premises", True),
        ("unsure", True),
    ],
)
def test_the_reach_of_the_limit_is_asked_only_where_there_is_one(
    client: Client, boundary: str, asked: bool
) -> None:
    assert ("scope" in walk(client, {**ANY, "boundary": boundary})) is asked


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"boundary": "strict-contract"}, {"terms"}),
        ({"boundary": "cloud-service"}, {"cloud"}),
        ({"boundary": "contract"}, set()),
        ({"boundary": "own-cloud"}, set()),
        ({"boundary": "own-premises"}, {"hardware"}),
        ({"boundary": "contract", "connection": "outages"}, {"hardware"}),
        ({"boundary": "contract", "connection": "never"}, {"hardware"}),
        ({"boundary": "contract", "connection": "unsure"}, {"hardware"}),
        ({"boundary": "unsure"}, {"terms", "cloud", "hardware"}),
    ],
)
def test_terms_clouds_and_hardware_are_asked_where_they_count(
    client: Client, answers: dict[str, str], asked: set[str]
) -> None:
    found = walk(client, {**ANY, **answers})
    assert {"terms", "cloud", "hardware"} & set(found) == asked


def test_nothing_is_asked_of_vendors_where_nothing_can_be_bought(client: Client) -> None:
    inside = {"connection": "never", "boundary": "strict-contract", "stage": "scaling"}
    path, _ = parts(leads_to(client, question("terms", inside)))
    assert path == "/decide/hardware/"


def test_a_single_option_left_ends_the_questions_that_only_weigh(client: Client) -> None:
    *asked, address = walk(client, way(connection="never", hardware="laptop"))
    # The others still move what it costs.
    weighing = {"audience", "priority"}
    assert asked == [key for key in KEYS if key not in weighing and key != "cloud"]
    page = shown(client, address)
    assert "Answer the next question" not in page.text
    for name in ("Audience", "Priority"):
        assert f"{name}: not asked" in page.text


def test_the_count_of_questions_follows_what_is_asked(client: Client) -> None:
    page = shown(client, question("connection", stage="scaling", boundary="any-vendor"))
    assert page.one("p", class_="eyebrow").text == "Question 3 of about 15"


# What is taken


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("20000", 20_000),
        ("1.5M", 1_500_000),
        ("1,500,000", 1_500_000),
        ("1 500 000", 1_500_000),
        (" 250k ", 250_000),
        ("2 million", 2_000_000),
        ("1e6", 1_000_000),
        ("1", 1),
        ("1B", 1_000_000_000),
    ],
)
def test_numbers_are_read_as_people_write_them(client: Client, typed: str, number: int) -> None:
    address = question("volume", before("volume"), volume=typed, next="1")
    path, query = parts(leads_to(client, address))
    assert path == "/decide/size/"
    assert query["volume"] == [str(number)]


def test_an_empty_number_beside_not_sure_is_no_problem(client: Client) -> None:
    address = question("volume", before("volume"), volume=["", "unsure"], next="1")
    assert parts(leads_to(client, address))[1]["volume"] == ["unsure"]


def test_own_sizes_are_taken_kept_and_shown(client: Client) -> None:
    typed = {"size": "custom", "tokens_in": "1.2k", "tokens_out": "0", "next": "1"}
    address = leads_to(client, question("size", before("size"), **typed))
    path, query = parts(address)
    assert path == "/decide/traffic/"
    assert (query["tokens_in"], query["tokens_out"]) == (["1200"], ["0"])
    page = shown(client, address)
    assert "1,200 tokens in, 0 out" in page.text
    again = shown(client, page.link("Change: Size of a request"))
    assert checked(again) == ["custom"]
    assert (again.by_id("tokens_in")["value"], again.by_id("tokens_out")["value"]) == ("1,200", "0")


def test_own_sizes_are_dropped_where_another_size_is_picked(client: Client) -> None:
    address = question("size", before("size"), size="chat", **SIZES, next="1")
    query = parts(leads_to(client, address))[1]
    assert not {"tokens_in", "tokens_out"} & query.keys()


def test_several_rules_can_be_picked_and_stay_in_order(client: Client) -> None:
    address = question("rules", before("rules"), rules=["finance", "gdpr"], next="1")
    assert parts(leads_to(client, address))[1]["rules"] == ["finance", "gdpr"]
    swapped = question("rules", before("rules"), rules=["gdpr", "finance"], next="1")
    assert leads_to(client, swapped) == leads_to(client, address)


@pytest.mark.parametrize("key", PICKED)
def test_each_choice_leads_on(client: Client, key: str) -> None:
    for choice in [*KEYS[key], "unsure"]:
        more = SIZES if choice == "custom" else {}
        address = question(key, before(key), **{key: choice}, **more, next="1")
        path, query = parts(leads_to(client, address))
        assert path != f"/decide/{key}/"
        assert query[key] == [choice]
        assert "next" not in query


# What is wrong

MISSING = {
    "stage": "Select where your project is now",
    "boundary": "Select how far your data may travel",
    "terms": "Select the terms that the vendor must give, or “I’m not sure”",
    "cloud": "Select the clouds that already hold your data, or “I’m not sure”",
    "hardware": "Select which hardware of your own could run a model",
    "scope": "Select whether the limit on your data holds for every request",
    "connection": "Select whether it can count on a connection",
    "rules": "Select the rules that apply to you, or “None of these”",
    "task": "Select the hardest thing it must do",
    "modality": "Select what it must read, see or hear",
    "volume": "Enter how many requests you expect a day",
    "size": "Select how large a typical request is; for your own numbers, enter tokens in and out",
    "traffic": "Select how traffic varies over the week",
    "team": "Select who could run a model",
    "training": "Select how far the model must be adapted",
    "audience": "Select who depends on the answers",
    "deadline": "Select when it must be in use",
    "priority": "Select what matters most",
}


def assert_says(page: Shown, field: str, words: str) -> None:
    """The problem is named on top with a link to its field, and at the field."""
    assert page.title == f"Error: {page.heading} – OpenWeigh"
    summary = page.one("div", class_="error-summary")
    assert page.one("h2", id="error-summary-title").text == "There is a problem"
    assert "autofocus" in summary.attributes
    link = next(tag for tag in page.all("a") if tag["href"] == f"#{field}")
    assert words in link.text
    assert page.by_id(field).name == "input"
    message = page.by_id(f"{field}-error")
    assert message.text == f"Error: {link.text}"
    described = [tag for tag in page.tags if message["id"] in tag["aria-describedby"].split()]
    assert described


@pytest.mark.parametrize("key", KEYS)
def test_no_answer_is_named_on_top_and_at_the_field(client: Client, key: str) -> None:
    page = shown(client, question(key, before(key), next="1"), status=422)
    assert_says(page, key, MISSING[key])
    assert not checked(page)


@pytest.mark.parametrize("typed", ["0", "-5", "lots", "1.5", "2B", "1,50", "½", "1e400", "٣"])
def test_what_is_no_number_of_requests_is_said_and_stays(client: Client, typed: str) -> None:
    page = shown(client, question("volume", before("volume"), volume=typed, next="1"), status=422)
    assert_says(page, "volume", "Requests a day must be")
    assert page.by_id("volume")["value"] == typed
    assert page.by_id("volume")["aria-invalid"] == "true"


def test_a_number_and_not_sure_together_are_a_problem(client: Client) -> None:
    address = question("volume", before("volume"), volume=["900", "unsure"], next="1")
    page = shown(client, address, status=422)
    assert_says(page, "volume", "enter one number, or select “I’m not sure”")
    assert page.by_id("volume")["value"] == "900"
    assert checked(page) == ["unsure"]


@pytest.mark.parametrize(
    ("tokens_in", "tokens_out", "field", "words"),
    [
        ("", "", "tokens_in", "Enter tokens in"),
        ("100", "", "tokens_out", "Enter tokens out"),
        ("", "100", "tokens_in", "Enter tokens in"),
        ("x", "100", "tokens_in", "Tokens in must be a whole number"),
        ("100", "11M", "tokens_out", "Tokens out must be between 0 and 10,000,000"),
        ("0", "0", "tokens_in", "cannot both be 0"),
    ],
)
def test_own_sizes_need_both_numbers(
    client: Client, tokens_in: str, tokens_out: str, field: str, words: str
) -> None:
    typed = {"size": "custom", "tokens_in": tokens_in, "tokens_out": tokens_out, "next": "1"}
    page = shown(client, question("size", before("size"), **typed), status=422)
    assert_says(page, field, words)
    assert checked(page) == ["custom"]
    assert page.by_id("tokens_in")["value"] == tokens_in
    assert page.by_id("tokens_out")["value"] == tokens_out


@pytest.mark.parametrize("alone", ["none", "unsure"])
def test_none_and_not_sure_stand_alone(client: Client, alone: str) -> None:
    address = question("rules", before("rules"), rules=[alone, "gdpr"], next="1")
    page = shown(client, address, status=422)
    assert_says(page, "rules", "select “None of these” or “I’m not sure” alone, or all that apply")
    assert sorted(checked(page)) == sorted([alone, "gdpr"])


def test_where_there_is_no_none_the_words_do_not_offer_it(client: Client) -> None:
    address = question("terms", before("terms"), terms=["unsure", "audited"], next="1")
    page = shown(client, address, status=422)
    assert_says(page, "terms", "Vendor terms: select “I’m not sure” alone, or all that apply")


def test_two_answers_to_one_question_are_a_problem(client: Client) -> None:
    address = question("stage", stage=["scaling", "exploring"], next="1")
    assert_says(shown(client, address, status=422), "stage", "select one answer, not 2")


def test_an_answer_that_does_not_exist_is_a_problem_and_is_escaped(client: Client) -> None:
    address = question("stage", stage="<script>alert(1)</script>", next="1")
    response = client.get(address)
    assert response.status_code == 422
    assert b"<script>alert" not in response.content
    page = Shown(response.content.decode())
    assert_says(page, "stage", "“<script>alert(1)</script>” is not one of the answers")


def test_a_problem_keeps_all_other_answers(client: Client) -> None:
    answers = before("volume")
    page = shown(client, question("volume", answers, volume="lots", next="1"), status=422)
    kept = [(tag["name"], tag["value"]) for tag in page.all("input", type="hidden")]
    expected = [
        (key, value)
        for key, given in without(answers).items()
        for value in ([given] if isinstance(given, str) else given)
    ]
    assert kept == [*expected, ("next", "1")]
