"""Open against closed over time: from the index's rows, openness as the catalog knows it."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.catalog.models import Capability, IndexScore
from apps.catalog.pages.gap import GapPage, gap_page, months
from tests import factories

pytestmark = pytest.mark.django_db
JANUARY, MARCH, JUNE = date(2026, 1, 15), date(2026, 3, 15), date(2026, 6, 15)


def line(name: str, released: date | None, eci: float, weights: str) -> None:
    factories.IndexScoreFactory.create(
        name=name,
        release_date=released,
        eci=eci,
        ci_low=eci - 2,
        ci_high=eci + 2,
        weights=weights,
    )


def page() -> GapPage:
    scores = IndexScore.objects.of_latest_snapshot().select_related("source")
    return gap_page(scores, Capability.objects.of_the_model_itself())


def two_kinds() -> None:
    line("Closed 1", JANUARY, 150, "closed")
    line("Closed 2", MARCH, 160, "closed")
    line("Open 1", JANUARY, 140, "open")
    line("Open 2", JUNE, 152, "open")


def test_the_gap_of_each_month_in_points_and_in_months_by_both_definitions() -> None:
    two_kinds()
    found = {row.day: row for row in page().months}
    september = found[date(2026, 9, 30)]
    assert (september.closed.name, september.open.name) == ("Closed 2", "Open 2")
    assert september.points == 8
    # Closed 2 was the first with at least 152: 199 days to 30 September, 92 to 15 June.
    assert september.behind == round(199 / (365 / 12), 1) == 6.5
    assert september.at_release == round(92 / (365 / 12), 1) == 3.0
    april = found[date(2026, 4, 30)]
    # Closed 1 had 140 from 15 January on, the day of Open 1.
    assert (april.points, april.behind, april.at_release) == (20, 3.5, 0.0)
    # There is no month before both kinds were there, and none that the snapshot does not cover.
    assert (min(found), max(found)) == (date(2026, 1, 31), date(2026, 9, 30))


def test_only_a_model_that_beats_all_before_it_leads() -> None:
    two_kinds()
    line("Closed 3", JUNE, 159, "closed")
    line("Closed 4", JUNE, 161, "closed")
    line("Closed 5", JUNE, 162, "closed")
    line("Undated", None, 190, "closed")
    names = [best.name for best in page().records if best.kind == "Closed"]
    assert names == ["Closed 5", "Closed 2", "Closed 1"]


@pytest.mark.parametrize(
    ("openness", "kind"),
    [
        ("open-weight", "Open"),
        ("fully-open", "Open"),
        ("semi-open", "Open"),
        ("closed", "Closed"),
        ("unknown", "Closed"),
    ],
)
def test_openness_is_what_the_catalog_says_where_it_knows(openness: str, kind: str) -> None:
    two_kinds()
    line("Doubtful", JUNE, 170, "closed")
    terms = {"license": None} if openness == "closed" else {}
    model = factories.ModelFactory.create(openness=openness, **terms)
    factories.CapabilityFactory.create(model=model, index_name="Doubtful")
    (best,) = [best for best in page().records if best.name == "Doubtful"]
    assert (best.kind, best.url) == (kind, model.get_absolute_url())
    assert page().by_catalog == 1


def test_a_line_that_only_stands_for_a_model_says_nothing_of_its_openness() -> None:
    two_kinds()
    factories.CapabilityFactory.create(index_name="Closed 2", grade="predecessor")
    assert page().by_catalog == 0
    assert [best.kind for best in page().records if best.name == "Closed 2"] == ["Closed"]


def test_a_difference_under_three_points_is_called_about_equal() -> None:
    line("Closed 1", JANUARY, 150, "closed")
    line("Open 1", JUNE, 148, "open")
    assert "about equal" in page().sentence


def test_an_open_lead_is_told_as_one() -> None:
    line("Closed 1", JANUARY, 150, "closed")
    line("Open 1", JUNE, 160, "open")
    assert "10.0 points in favour of the open side" in page().sentence
    assert "No closed model has had the score" in page().sentence
    assert page().months[0].behind is None


def test_months_are_of_a_twelfth_of_a_year() -> None:
    assert months(date(2025, 1, 1), date(2026, 1, 1)) == 12
    assert months(JANUARY, JANUARY) == 0


def test_only_the_newest_snapshot_counts() -> None:
    two_kinds()
    factories.IndexScoreFactory.create(
        snapshot=date(2025, 12, 19), name="Old", eci=199, ci_high=200, release_date=JANUARY
    )
    assert "Old" not in [best.name for best in page().records]


def test_without_a_snapshot_the_page_says_so(client: Client) -> None:
    answer = client.get(reverse("catalog:gap"))
    assert answer.status_code == 200
    assert "No snapshot of the index" in answer.content.decode()


def test_with_one_kind_alone_there_is_no_gap(client: Client) -> None:
    line("Open 1", JUNE, 160, "open")
    assert page().months == ()
    assert client.get(reverse("catalog:gap")).status_code == 200


def test_it_asks_as_much_of_the_database_however_many_lines(client: Client) -> None:
    url = reverse("catalog:gap")
    two_kinds()
    counts = []
    for more in (0, 20):
        for number in range(more):
            line(f"More {number}", JUNE, 100 + number, "open")
        # What the frame shows of the catalog is kept until a row changes.
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


@pytest.mark.usefixtures("seeded")
class TestDelivered:
    """With the snapshot of 1 October 2026 that the catalog is delivered with."""

    @pytest.mark.parametrize(
        ("day", "closed", "open_", "points", "behind"),
        [
            # Worked out apart from Epoch AI's file.
            (date(2026, 9, 30), "Claude Opus 5.5", "Kimi K3", 9.74, 6.9),
            (date(2026, 7, 31), "Claude Opus 5", "Kimi K3", 5.33, 4.9),
            (date(2026, 6, 30), "GPT-5.5 Pro", "GLM-5.2", 10.6, 7.4),
            (date(2026, 4, 30), "GPT-5.5 Pro", "Kimi K2.6", 11.33, 5.4),
        ],
    )
    def test_the_gap_of_a_month(
        self, day: date, closed: str, open_: str, points: float, behind: float
    ) -> None:
        row = next(row for row in page().months if row.day == day)
        assert (row.closed.name, row.open.name) == (closed, open_)
        assert (row.points, row.behind) == (points, behind)

    def test_the_page_names_who_measured_under_which_licence_and_when(self, client: Client) -> None:
        text = client.get(reverse("catalog:gap")).content.decode()
        snapshot = '<time datetime="2026-10-01">1 October 2026</time>'
        assert f"Epoch AI, Epoch Capabilities Index, snapshot of {snapshot}" in text
        assert "CC BY 4.0" in text
        assert 'role="img" aria-label="Best closed and best open model over time up to' in text
        assert "<svg" in text

    def test_the_way_leads_there_from_how_it_works(self, client: Client) -> None:
        assert reverse("catalog:gap") in client.get(reverse("wizard:method")).content.decode()
