"""The cost page put together: the form, and below it everything that is computed."""

from collections.abc import Mapping, Sequence

from apps.common.format import usd
from apps.decision.address import Problem
from apps.money.options import OPTIONS, Option
from apps.money.outlook.report import Report, report
from apps.wizard import sentences
from apps.wizard.calculator import hosting, pages, panel, sections
from apps.wizard.calculator.bill import bill_form
from apps.wizard.calculator.form import form
from apps.wizard.calculator.query import CostQuery, decide_url, left, needs
from apps.wizard.engine import Engine
from apps.wizard.pages import FieldError
from apps.wizard.questions import ruled_out

_UNKNOWN = "Its cost is unknown"
_NOT_ALIKE = "Not alike: its model lacks more of what is asked for"


def compute(now: Engine, query: CostQuery) -> Report:
    """Return everything that is computed of a query: one report for page, JSON and CSV."""
    pricer = now.pricer(query.answers)
    ranges = {row.key: (row.low, row.high) for row in now.rulebook.assumptions}
    return now.kept(
        ("costs", query.pairs(now.rulebook)),
        lambda: report(pricer, needs(now, query), left(now, query), query.option, ranges),
    )


def cost_page(
    now: Engine,
    query: CostQuery,
    problems: Sequence[Problem],
    typed: Mapping[str, str],
    bill_problems: Sequence[Problem] = (),
) -> pages.CostPage:
    """Return the page; while an input is wrong nothing is computed from it."""
    found = None if problems else compute(now, query)
    wrong = (*problems, *bill_problems)
    return pages.CostPage(
        url=query.url(now.rulebook),
        form=form(now, query, problems, typed),
        errors=tuple(FieldError(problem.key, problem.message) for problem in wrong),
        results=_results(now, query, found) if found else None,
        bill=bill_form(now, query, typed, bill_problems),
        announcement=_announcement(now, found),
        rules_version=now.rulebook.version,
        data_date=now.market.as_of,
    )


def _announcement(now: Engine, found: Report | None) -> str:
    if found is None or found.cheapest is None:
        return ""
    name = sentences.name(now.rulebook, found.cheapest)
    return f"Cheapest: {name}, {usd(found.price(found.cheapest).expected)} a month."


def out_of(now: Engine, query: CostQuery) -> Mapping[Option, str]:
    """Return for each option that the answers rule out the sentence that says so."""
    found = ruled_out(now.rulebook, query.answers)
    return {option: f"Ruled out by {answer}" for option, answer in found.items()}


def _results(now: Engine, query: CostQuery, found: Report) -> pages.Results:
    out = out_of(now, query)
    left_out = {
        o: out.get(o) or (_NOT_ALIKE if found.price(o).parts else _UNKNOWN)
        for o in OPTIONS
        if o not in found.among
    }
    title, sentence, plot, rows = sections.levers(now, found)
    columns, regret_rows, regret_sentence = sections.regret(now, found, left_out)
    return pages.Results(
        panel=panel.of_report(now, query.answers, found, out),
        part_names=sections.PARTS,
        breakdown=sections.breakdown(now, found),
        hosting=hosting.blocks(now, found),
        levers_title=title,
        levers_sentence=sentence,
        levers_plot=plot,
        levers=rows,
        totals=sections.totals(now, found),
        totals_note=sections.totals_note(now.pricer(query.answers)),
        regret_columns=columns,
        regret=regret_rows,
        regret_sentence=regret_sentence,
        json_url=query.url(now.rulebook, "wizard:costs-json"),
        csv_url=query.url(now.rulebook, "wizard:costs-csv"),
        decide_url=decide_url(now, query),
    )
