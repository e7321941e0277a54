"""What a page may show is its dataclass: a template reads all of it, and nothing else."""

import pytest

import apps.calculator.contexts as calculator
from apps.catalog.pages import comparison, detail, gap, hosts, listing
from apps.scenarios import decision_pages
from apps.scenarios import pages as scenarios
from apps.wizard import contexts as wizard
from apps.wizard.method.page import MethodPage
from apps.wizard.result.page import ResultPage
from tests.template_types import Reader, fields_of

PAGES: dict[str, type] = {
    "wizard/home.html": wizard.HomePage,
    "wizard/accessibility.html": wizard.AccessibilityPage,
    "wizard/start.html": wizard.StartPage,
    "wizard/question.html": wizard.QuestionPage,
    "wizard/standing.html": wizard.StandingPage,
    "wizard/result.html": ResultPage,
    "wizard/method.html": MethodPage,
    "wizard/versions.html": wizard.VersionsPage,
    "wizard/version.html": wizard.VersionPage,
    "calculator/costs.html": calculator.CostPage,
    "calculator/bill.html": calculator.ReadBack,
    "catalog/list.html": listing.ListPage,
    "catalog/detail.html": detail.DetailPage,
    "catalog/compare.html": comparison.ComparePage,
    "catalog/gap.html": gap.GapPage,
    "catalog/hosts.html": hosts.HostListPage,
    "catalog/host.html": hosts.HostPage,
    "scenarios/list.html": scenarios.ListPage,
    "scenarios/detail.html": scenarios.DetailPage,
    "scenarios/guide.html": scenarios.GuidePage,
    "scenarios/decisions.html": decision_pages.DecisionsPage,
    "scenarios/decision.html": decision_pages.DecisionPage,
}
# The address bar shows the address that a page has.
READ_BY_VIEWS = {"CostPage.url", "ListPage.url"}


@pytest.mark.parametrize("template", PAGES)
def test_a_template_reads_only_what_its_page_has(template: str) -> None:
    assert Reader(template, PAGES[template]).problems == set()


def test_pages_have_only_what_templates_read() -> None:
    reads = set[tuple[type, str]]().union(*(Reader(*page).reads for page in PAGES.items()))
    every = set[tuple[type, str]]().union(*(fields_of(page) for page in PAGES.values()))
    assert {f"{owner.__name__}.{name}" for owner, name in every - reads} == READ_BY_VIEWS
