"""Published decisions: rows, pages and the command, which report and never fail."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.money.options import Group
from apps.scenarios.dates import middle_of, validate_period
from apps.scenarios.models import PublishedDecision
from tests.factories import FurtherSourceFactory, PublishedDecisionFactory

pytestmark = pytest.mark.django_db


# Rows


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2024-04-30", date(2024, 4, 30)),
        ("2024-04", date(2024, 4, 15)),
        ("2023", date(2023, 7, 2)),
        ("2024/2025", date(2024, 12, 31)),
        ("2024-01/2024-03-01", date(2024, 1, 31)),
    ],
)
def test_the_middle_of_what_is_known_counts(period: str, day: date) -> None:
    validate_period(period)
    assert middle_of(period) == day


@pytest.mark.parametrize("period", ["", "soon", "2025/2024", "2024/", "2024-2025", "2024/25"])
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(ValidationError):
        validate_period(period)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"chosen_group": "Both"}, "What was chosen is Closed, Open or Hybrid."),
        ({"chosen_option": "hosted-open"}, "The option must be one of the chosen group."),
        ({"also_acceptable": "Closed"}, "What else is acceptable is another group."),
        ({"confidence": "sure"}, "Confidence is high, medium or low."),
        ({"answers": {}}, "Give the answers that the sources tell."),
    ],
)
def test_what_is_wrong_with_a_decision_is_named(changes: dict[str, Any], sentence: str) -> None:
    row = PublishedDecisionFactory.create()
    for field, value in changes.items():
        setattr(row, field, value)
    with pytest.raises(ValidationError) as caught:
        row.validate_constraints()
    assert sentence in caught.value.messages


def test_what_was_chosen_is_acceptable() -> None:
    assert PublishedDecisionFactory.build().acceptable == (Group.CLOSED,)
    both = PublishedDecisionFactory.build(chosen_group="Open", also_acceptable="Hybrid")
    assert both.acceptable == (Group.OPEN, Group.HYBRID)


@pytest.mark.usefixtures("shipped")
def test_each_shipped_decision_is_whole_and_read_by_the_rules() -> None:
    rows = list(PublishedDecision.objects.in_order().with_sources())
    assert len(rows) == 12
    for row in rows:
        row.full_clean()
        assert row.source_url, row.slug
        assert all(source.source_url for source in row.further_sources.all()), row.slug


# Pages


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.text


@pytest.mark.usefixtures("rules")
def test_agreement_and_disagreement_are_shown_alike(client: Client) -> None:
    for group, option in (("Closed", "closed-api"), ("Hybrid", "hybrid")):
        PublishedDecisionFactory.create(chosen_group=group, chosen_option=option)
    html = page(client, "/decisions/")
    assert "the advice agrees in 1 of 2, as of today in 1." in html
    assert ">Agrees<" in html
    assert ">Differs<" in html


@pytest.mark.usefixtures("rules")
def test_a_decision_shows_what_was_chosen_what_is_advised_and_why(client: Client) -> None:
    row = PublishedDecisionFactory.create(caveat="Published by the vendor.")
    FurtherSourceFactory.create(decision=row, source_title="A second report")
    html = page(client, row.get_absolute_url())
    for text in (
        "A closed model through its maker",
        '<time datetime="2026-04-15">15 April 2026</time>: agrees</h2>',
        "As of today: agrees</h2>",
        "Closed API",
        "managed safety and support +",
        "A report",
        "A second report",
        "Published by the vendor.",
        "What cannot be rebuilt",
    ):
        assert text in html, text
    assert "&amp;at=2026-04-15" in html


def test_without_published_rules_the_pages_stand(client: Client) -> None:
    row = PublishedDecisionFactory.create()
    assert "There are no published decisions to compare yet." in page(client, "/decisions/")
    assert (
        "/decide/" not in page(client, row.get_absolute_url()).split("<main")[1].split("</main>")[0]
    )


def test_an_unknown_decision_is_not_found(client: Client) -> None:
    assert client.get("/decisions/none/").status_code == 404


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("url", ["/decisions/", "/decisions/first/"])
def test_twice_the_rows_take_no_more_queries(client: Client, url: str) -> None:
    first = PublishedDecisionFactory.create(slug="first")
    page(client, url)
    counts = []
    for _ in range(2):
        PublishedDecisionFactory.create_batch(2)
        FurtherSourceFactory.create_batch(2, decision=first)
        with CaptureQueriesContext(connection) as queries:
            page(client, url)
        counts.append(len(queries))
    assert counts[0] == counts[1] > 0


@pytest.mark.usefixtures("rules")
def test_what_was_compared_is_kept(client: Client) -> None:
    PublishedDecisionFactory.create_batch(3)
    page(client, "/decisions/")
    with CaptureQueriesContext(connection) as queries:
        page(client, "/decisions/")
    # The versions, those of the footer, and the decisions themselves.
    assert len(queries) <= 4


# The command


def report() -> list[str]:
    out = StringIO()
    call_command("backtest", stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.usefixtures("rules")
def test_the_command_reports_each_day_and_ends_well_whatever_differs() -> None:
    PublishedDecisionFactory.create(organisation="A", decided="2026-03-01")
    PublishedDecisionFactory.create(organisation="B", chosen_group="Hybrid", chosen_option="")
    lines = report()
    told = [line.split(" | ") for line in lines[:4]]
    assert [line[0] for line in told] == ["A", "A", "B", "B"]
    assert [line[4] for line in told] == ["agrees", "agrees", "differs", "differs"]
    assert told[0][1] == "2026-03-01"
    assert all("managed safety and support" in line for line in lines[:2])
    assert lines[4:] == [
        "As of the day of the decision: 1 of 2 agree, 0 without a recommendation.",
        "As of today: 1 of 2 agree, 0 without a recommendation.",
    ]


def test_without_published_rules_the_command_says_so() -> None:
    assert report() == ["No rules are published: there is nothing to compare."]
