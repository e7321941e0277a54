"""Every page reads an address in the same way: what one page leaves out, all leave out."""

import pytest
from django.test import Client

from apps.common.format import share
from apps.common.today import today
from tests.visiting import RESULT, STANDING, Shown, document, shown, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

ANSWERS = {"stage": "first-production", "task": "simple", "volume": "200000"}
# Something that cannot be read at each kind of key, with the key.
UNREADABLE = [
    ("open", "llama-3-1-405b-instruct"),
    ("open", "gpt-4o"),
    ("open", "no-such-model"),
    ("closed", "gpt-4o"),
    ("closed", "gpt-oss-120b"),
    ("closed", "<script>"),
    ("gpu", "abacus"),
    ("gpu", "H 100"),
    ("bits", "many"),
    ("bits", "64"),
    ("at", "tomorrow"),
    ("at", "1999-12-31"),
    ("retry", "often"),
    ("peak", "0"),
    ("team", "zzz"),
    ("rules", "martian-law"),
    ("size", "custom"),
]


def standing(page: Shown) -> list[str]:
    """Return how often each option wins, as it stands beside a question."""
    rows = page.all("li", class_="standing-row")
    return [tag.text for row in rows for tag in row.inside("span") if tag["class"] == "number"]


@pytest.mark.parametrize(("key", "value"), UNREADABLE)
def test_a_question_and_the_result_leave_out_the_same(client: Client, key: str, value: str) -> None:
    given = {**ANSWERS, key: value}
    beside = standing(shown(client, url(STANDING, given)))
    result = document(client, given)
    assert result["ignored"]
    assert beside == [share(option["acceptability"]) for option in result["options"]]
    assert beside == standing(shown(client, url(STANDING, ANSWERS)))


@pytest.mark.parametrize(("key", "value"), UNREADABLE)
def test_no_link_carries_on_what_cannot_be_read(client: Client, key: str, value: str) -> None:
    for path in ("/decide/", "/decide/boundary/", RESULT, "/costs/"):
        page = Shown(client.get(url(path, ANSWERS, **{key: value})).content.decode())
        links = [tag["href"] for tag in page.all("a") if f"{key}=" in tag["href"]]
        assert not [link for link in links if f"{key}={value}" in link], path


@pytest.mark.parametrize("path", ["/decide/result.json", "/costs.json"])
def test_a_day_that_cannot_be_read_is_today(client: Client, path: str) -> None:
    found = client.get(url(path, ANSWERS)).json()
    assert found.get("data_date", found.get("at")) == today().isoformat()
    given = [("at", "2026-12-01"), ("at", "2026-12-02"), *ANSWERS.items()]
    assert document(client, given)["data_date"] == today().isoformat()
    assert document(client, {**ANSWERS, "at": "2026-12-01"})["data_date"] == "2026-12-01"
