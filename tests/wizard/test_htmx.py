"""With scripts only the step is swapped; each address is a whole page on its own."""

from typing import Any

import pytest
from django.test import Client

from tests.visiting import RESULT, WHOLE, Shown, before, parts, question, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

STEP = question("boundary", stage="scaling")


def swap(client: Client, address: str, **headers: str) -> Any:
    """Ask as the script does."""
    return client.get(address, headers={"HX-Request": "true", **headers})


def test_the_step_comes_alone_with_its_title_and_announcement(client: Client) -> None:
    response = swap(client, STEP)
    assert response.status_code == 200
    page = Shown(response.content.decode())
    assert not [tag.name for tag in page.tags if tag.name in {"html", "head", "body", "main"}]
    assert page.title == "How far may your data travel? – OpenWeigh"
    assert page.by_id("step").name == "div"
    said = next(tag for tag in page.tags if "hx-swap-oob" in tag.attributes)
    assert said["hx-swap-oob"].endswith("#announcement")
    assert said.text.startswith("Question 2 of about 18")


def test_the_new_heading_takes_the_focus(client: Client) -> None:
    page = Shown(swap(client, STEP).content.decode())
    assert "autofocus" in page.one("h1").attributes
    assert page.one("h1")["tabindex"] == "-1"


def test_the_step_is_the_same_in_the_whole_page(client: Client) -> None:
    whole = Shown(client.get(STEP).content.decode())
    part = Shown(swap(client, STEP).content.decode())
    assert whole.by_id("step").text == part.by_id("step").text
    assert whole.title == part.title
    assert "autofocus" not in whole.one("h1").attributes


@pytest.mark.parametrize("header", ["HX-History-Restore-Request", "HX-Boosted"])
def test_a_step_back_in_history_gets_the_whole_page(client: Client, header: str) -> None:
    page = Shown(swap(client, STEP, **{header: "true"}).content.decode())
    assert page.one("html")
    assert page.one("main")
    assert not [tag for tag in page.tags if "hx-swap-oob" in tag.attributes]


@pytest.mark.parametrize("address", [STEP, question("boundary", stage="scaling", next="1")])
@pytest.mark.parametrize("with_scripts", [False, True])
def test_caches_keep_part_and_page_apart(client: Client, address: str, with_scripts: bool) -> None:
    response = swap(client, address) if with_scripts else client.get(address)
    vary = {name.strip() for name in response["Vary"].split(",")}
    assert {"HX-Request", "HX-History-Restore-Request"} <= vary


def test_the_address_is_the_one_of_the_page_that_is_shown(client: Client) -> None:
    messy = question("boundary", utm_source="x", scope="", next="", stage="scaling")
    redirect = swap(client, question("stage", stage="scaling", next="1", utm_source="x"))
    assert redirect.status_code == 302
    assert redirect["Location"] == STEP
    assert swap(client, STEP)["HX-Push-Url"] == STEP
    assert swap(client, messy.replace("next=", "more="))["HX-Push-Url"] == STEP


def test_an_error_is_no_place_to_go_back_to(client: Client) -> None:
    response = swap(client, question("boundary", stage="scaling", next="1"))
    assert response.status_code == 422
    assert response["HX-Push-Url"] == "false"
    page = Shown(response.content.decode())
    assert page.title == "Error: How far may your data travel? – OpenWeigh"
    assert "autofocus" in page.one("div", class_="error-summary").attributes
    assert "autofocus" not in page.one("h1").attributes


def test_the_result_opens_as_a_page_of_its_own(client: Client) -> None:
    response = swap(client, question("priority", WHOLE, next="1"))
    assert response.status_code == 200
    assert response["HX-Redirect"] == url(RESULT, WHOLE)
    assert not response.content


@pytest.mark.parametrize("address", ["/decide/", url(RESULT, WHOLE), "/"])
def test_other_pages_always_come_whole(client: Client, address: str) -> None:
    assert Shown(swap(client, address).content.decode()).one("html")


def test_the_form_works_the_same_with_and_without_scripts(client: Client) -> None:
    page = Shown(client.get(question("team", before("team"))).content.decode())
    form = page.one("form")
    assert form["hx-get"] == form["action"] == "/decide/team/"
    assert form["method"] == "get"
    assert not parts(form["action"])[1]
