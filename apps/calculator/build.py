"""The cost page put together: the form, and below it everything that is computed."""

from collections.abc import Mapping, Sequence

from apps.calculator import contexts, hosting, sections
from apps.calculator.bill import bill_form
from apps.calculator.form import form
from apps.calculator.query import CostQuery, decide_url, left, needs
from apps.common.errors import FieldError
from apps.common.format import usd
from apps.decision.address import Problem
from apps.engine import money_panel, sentences
from apps.engine.engine import Engine
from apps.money.options import OPTIONS, Option
from apps.money.outlook.report import Report, report

_UNKNOWN = "Its cost is unknown"
_NOT_ALIKE = "Not alike: its model lacks more of what is asked for"


def compute(engine: Engine, query: CostQuery) -> Report:
    """Return everything that is computed of a query: one report for page, JSON and CSV."""
    pricer = engine.pricer(query.answers)
    ranges = {row.key: (row.low, row.high) for row in engine.rulebook.assumptions}
    return engine.kept(
        ("costs", query.pairs(engine.rulebook)),
        lambda: report(pricer, needs(engine, query), left(engine, query), query.option, ranges),
    )


def cost_page(
    engine: Engine,
    query: CostQuery,
    problems: Sequence[Problem],
    typed: Mapping[str, str],
    bill_problems: Sequence[Problem] = (),
) -> contexts.CostPage:
    """Return the page; while an input is wrong nothing is computed from it."""
    found = None if problems else compute(engine, query)
    wrong = (*problems, *bill_problems)
    return contexts.CostPage(
        url=query.url(engine.rulebook),
        form=form(engine, query, problems, typed),
        errors=tuple(FieldError(problem.key, problem.message) for problem in wrong),
        results=_kept_results(engine, query, found) if found else None,
        bill=bill_form(engine, query, typed, bill_problems),
        announcement=_announcement(engine, found),
        rules_version=engine.rulebook.version,
        data_date=engine.market.as_of,
    )


def _kept_results(engine: Engine, query: CostQuery, found: Report) -> contexts.Results:
    """Return what is shown of a report; its pictures are laid out once."""
    key = ("cost sections", query.pairs(engine.rulebook))
    return engine.kept(key, lambda: _results(engine, query, found))


def _announcement(engine: Engine, found: Report | None) -> str:
    if found is None or found.cheapest is None:
        return ""
    name = sentences.name(engine.rulebook, found.cheapest)
    return f"Cheapest: {name}, {usd(found.price(found.cheapest).expected)} a month."


def out_of(engine: Engine, query: CostQuery) -> Mapping[Option, str]:
    """Return for each option that the answers rule out the sentence that says so."""
    found = sentences.reasons_ruled_out(engine.rulebook, query.answers)
    return {option: f"Ruled out by {answer}" for option, answer in found.items()}


def _results(engine: Engine, query: CostQuery, found: Report) -> contexts.Results:
    out = out_of(engine, query)
    left_out = {
        o: out.get(o) or (_NOT_ALIKE if found.price(o).parts else _UNKNOWN)
        for o in OPTIONS
        if o not in found.among
    }
    return contexts.Results(
        panel=money_panel.of_report(engine, query.answers, found, out),
        breakdown=sections.breakdown(engine, found),
        hosting=hosting.blocks(engine, found),
        levers=sections.levers(engine, found),
        totals=sections.totals(engine, found, engine.pricer(query.answers)),
        regret=sections.regret(engine, found, left_out),
        json_url=query.url(engine.rulebook, "calculator:costs-json"),
        csv_url=query.url(engine.rulebook, "calculator:costs-csv"),
        decide_url=decide_url(engine, query),
    )
