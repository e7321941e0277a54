"""The recommendation as a document for programs; its keys are a contract."""

import math
from collections.abc import Sequence

from django.urls import reverse

from apps.decision.address import Problem
from apps.decision.decide import Decision, OptionResult
from apps.decision.flips import Alternative
from apps.engine import sentences
from apps.engine.engine import Engine
from apps.money.options import Option
from apps.money.pricing import Priced

type Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None


def document(engine: Engine, decision: Decision, problems: Sequence[Problem]) -> dict[str, Json]:
    """Return the decision as JSON values; amounts are US dollars a month, scores 0 to 100."""
    rulebook, verdict = engine.rulebook, decision.verdict
    return {
        "rulebook": {
            "version": rulebook.version,
            "published_on": rulebook.published_on.isoformat() if rulebook.published_on else None,
        },
        "data_date": engine.market.as_of.isoformat(),
        "answers": _answers(engine, decision),
        "ignored": [{"key": p.key, "value": p.value, "reason": p.message} for p in problems],
        "verdict": {
            "group": verdict.group.value if verdict.group else None,
            "option": verdict.option.value if verdict.option else None,
            "strength": verdict.strength.value,
            "sentence": sentences.verdict_sentence(rulebook, decision),
            "share": verdict.share,
            "margin": decision.margin if verdict.option else None,
            "leading": verdict.leading.value if verdict.leading else None,
        },
        "split": [
            {
                "condition": {key: list(answers) for key, answers in part.condition},
                "group": part.group.value if part.group else None,
                "option": part.option.value if part.option else None,
                "strength": part.strength.value,
                "share": part.share,
            }
            for part in decision.parts
        ],
        "weights": {criterion.value: weight for criterion, weight in decision.weights.items()},
        "options": [_option(result) for result in decision.options],
        "reasons": _reasons(engine, decision),
        "flips": [_flip(a) for a in decision.flips.singles],
        "pair_flips": [
            {
                "changes": [
                    {"question": c.question, "from": c.before, "to": c.after} for c in a.changes
                ],
                "group": a.verdict.group.value if a.verdict.group else None,
                "kind": a.kind.value,
            }
            for a in decision.flips.pairs
        ],
        "volume_flip": {
            "volume": decision.volume_flip.volume,
            "group": decision.volume_flip.group.value if decision.volume_flip.group else None,
            "option": decision.volume_flip.option.value if decision.volume_flip.option else None,
        }
        if decision.volume_flip
        else None,
        "ask_first": {
            "question": decision.ask_first[0].question,
            "share": decision.ask_first[0].share,
        }
        if decision.ask_first
        else None,
        "critical_weight": [
            {"criterion": criterion.value, "change": change, "ties_with": option.value}
            for criterion, change, option in decision.close_weights[:1]
        ],
        "priced_for": {key: value.key for key, value in decision.priced_state.items()},
        "states": {"count": decision.states, "complete": decision.complete},
        "models": [_model(option, priced) for option, priced in decision.shortlist],
    }


def _answers(engine: Engine, decision: Decision) -> dict[str, Json]:
    found: dict[str, Json] = {}
    several = decision.answers.several
    for key, value in decision.answers.canonical(engine.rulebook):
        found[key] = list(several[key]) if key in several else value
    return found


def _reasons(engine: Engine, decision: Decision) -> list[Json]:
    why = decision.why
    if why is None:
        return []
    return [
        {
            "criterion": line.criterion.value,
            "against": why.other.value,
            "points": line.points,
            "sentence": sentences.reason(engine.rulebook, decision.answers, decision, why, line),
        }
        for line in why.lines
    ]


def _option(result: OptionResult) -> dict[str, Json]:
    first = result.price.parts[0] if result.price.parts else None
    return {
        "option": result.option.value,
        "group": result.option.group.value,
        "score": result.score,
        "feasible": result.feasible,
        "ruled_out_by": [
            {"question": key, "answer": answer} for key, answer in result.ruled_out_by
        ],
        "acceptability": result.acceptability,
        "monthly_usd": {
            "low": _number(result.low),
            "expected": _number(result.price.expected),
            "high": _number(result.high),
        },
        "values": {criterion.value: value for criterion, value in result.values.items()},
        "contributions": {
            criterion.value: value for criterion, value in result.contributions.items()
        },
        "model": first.candidate.slug if first else None,
        "models": [
            {"model": part.candidate.slug, "role": part.role.value, "grade": part.grade.value}
            for part in result.price.parts
        ],
    }


def _flip(alternative: Alternative) -> dict[str, Json]:
    change = alternative.changes[0]
    return {
        "question": change.question,
        "from": change.before,
        "to": change.after,
        "group": alternative.verdict.group.value if alternative.verdict.group else None,
        "kind": alternative.kind.value,
    }


def _model(option: Option, priced: Priced) -> dict[str, Json]:
    candidate = priced.candidate
    return {
        "model": candidate.slug,
        "name": candidate.name,
        "provider": candidate.provider,
        "url": reverse("catalog:detail", args=[candidate.slug]),
        "option": option.value,
        "role": priced.role.value,
        "monthly_usd": _number(priced.monthly_usd),
        "host": priced.offer.host if priced.offer else None,
        "gpu": priced.gpu.name if priced.gpu else None,
        "gpus": priced.gpus,
        "grade": priced.grade.value,
        "tier": candidate.tier,
        "status": candidate.status,
        "rights": candidate.rights.value,
        "lacks": [
            {"kind": lack.kind, "wanted": lack.wanted, "found": lack.found} for lack in priced.lacks
        ],
        "checked_on": candidate.checked_on.isoformat(),
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
