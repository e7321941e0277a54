"""The scenarios and the guide."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from apps.common.htmx import render_page
from apps.common.methods import public_page
from apps.common.today import today
from apps.rules import compile
from apps.scenarios.answers import published
from apps.scenarios.decision_pages import DecisionPage, DecisionsPage
from apps.scenarios.models import (
    Definition,
    HybridPattern,
    PublishedDecision,
    Scenario,
    Statement,
    Takeaway,
    TradeOff,
)
from apps.scenarios.pages import DetailPage, GuidePage, GuideRows, ListPage


@public_page
def scenario_list(request: HttpRequest) -> HttpResponse:
    """List the scenarios, each with its winner."""
    page = ListPage.of(Scenario.objects.in_order())
    return render_page(request, "scenarios/list.html", page)


@public_page
def scenario_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one scenario with its evidence and the way into the wizard."""
    scenario = get_object_or_404(Scenario.objects.with_evidence(), slug=slug)
    page = DetailPage.of(scenario, published())
    return render_page(request, "scenarios/detail.html", page)


@public_page
def decision_list(request: HttpRequest) -> HttpResponse:
    """List the published decisions beside what is advised, then and today."""
    page = DecisionsPage.of(PublishedDecision.objects.in_order(), compile.versions(), today())
    return render_page(request, "scenarios/decisions.html", page)


@public_page
def decision_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one published decision with the advice of its day and of today, and the reasons."""
    decision = get_object_or_404(PublishedDecision.objects.with_sources(), slug=slug)
    page = DecisionPage.of(decision, compile.versions(), today())
    return render_page(request, "scenarios/decision.html", page)


@public_page
def guide(request: HttpRequest) -> HttpResponse:
    """Explain the words, both sides' trade-offs and the ways to use both."""
    rows = GuideRows(
        definitions=Definition.objects.in_order(),
        trade_offs=TradeOff.objects.in_order(),
        patterns=HybridPattern.objects.in_order(),
        takeaways=Takeaway.objects.in_order(),
        statements=Statement.objects.in_order(),
    )
    return render_page(request, "scenarios/guide.html", GuidePage.of(rows))
