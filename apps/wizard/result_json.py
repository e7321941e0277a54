"""The recommendation as a document for programs; its keys are a contract."""

from collections.abc import Sequence
from enum import StrEnum

from django.urls import reverse

from apps.common.json import Json, finite
from apps.decision.address import Problem
from apps.decision.decide import Decision, OptionResult, Part
from apps.decision.deciding_answers import Deciding
from apps.decision.flips import Alternative, AskFirst, Change, VolumeFlip
from apps.engine import sentences
from apps.engine.documents import version_of
from apps.engine.engine import Engine
from apps.money.options import Option
from apps.money.priced import OnApi, OnGpus, Priced
from apps.money.workload import DAYS_PER_MONTH
from apps.wizard.result import reasons


def document(engine: Engine, decision: Decision, problems: Sequence[Problem]) -> dict[str, Json]:
    """Return the decision as JSON values; amounts are US dollars a month, scores 0 to 100."""
    rulebook, flips = engine.rulebook, decision.flips
    return {
        "rulebook": version_of(rulebook),
        "data_date": engine.market.as_of.isoformat(),
        "answers": _answers(engine, decision),
        "ignored": [{"key": p.key, "value": p.value, "reason": p.message} for p in problems],
        "verdict": _verdict(engine, decision),
        "split": [_part(part) for part in decision.parts],
        "weights": {criterion.value: weight for criterion, weight in decision.weights.items()},
        "options": [_option(result) for result in decision.options],
        "reasons": _reasons(engine, decision),
        "deciding": [_deciding(found) for found in decision.deciding],
        "consequences": [
            {"criterion": one.criterion.value, "weight": one.weight, "value": one.value}
            for one in decision.consequences
        ],
        "flips": [_flip(alternative) for alternative in flips.singles],
        "pair_flips": [_pair_flip(alternative) for alternative in flips.pairs],
        "volume_flip": _volume_flip(decision.volume_flip) if decision.volume_flip else None,
        "ask_first": _ask_first(decision.ask_first[0]) if decision.ask_first else None,
        "critical_weight": [
            {"criterion": criterion.value, "change": change, "ties_with": option.value}
            for criterion, change, option in decision.close_weights[:1]
        ],
        "priced_for": {key: value.key for key, value in decision.priced_state.items()},
        "states": {"count": decision.states, "complete": decision.complete},
        "models": [_model(option, priced) for option, priced in decision.shortlist],
    }


def _verdict(engine: Engine, decision: Decision) -> dict[str, Json]:
    verdict = decision.verdict
    return {
        "group": _value(verdict.group),
        "option": _value(verdict.option),
        "strength": verdict.strength.value,
        "strength_words": sentences.strength(engine.rulebook, decision),
        "sentence": sentences.verdict_sentence(engine.rulebook, decision),
        "share": verdict.share,
        "margin": decision.margin if verdict.option else None,
        "leading": _value(verdict.leading),
    }


def _part(part: Part) -> dict[str, Json]:
    return {
        "condition": {key: list(answers) for key, answers in part.condition},
        "group": _value(part.group),
        "option": _value(part.option),
        "strength": part.strength.value,
        "share": part.share,
    }


def _value(found: StrEnum | None) -> str | None:
    return found.value if found else None


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
            "shown": shown,
            "weight": line.weight,
            "value": line.value,
            "other_value": line.other_value,
            "sentence": sentences.reason(engine.rulebook, decision, why, line),
        }
        for line, shown in zip(why.lines, reasons.printed(why), strict=True)
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
            "low": finite(result.low),
            "expected": finite(result.price.expected),
            "high": finite(result.high),
        },
        "values": {criterion.value: value for criterion, value in result.values.items()},
        "contributions": {
            criterion.value: value for criterion, value in result.contributions.items()
        },
        "bills_usd": finite(result.price.bills_usd),
        "people_usd": finite(result.price.people_usd),
        "people_fte": finite(result.price.fte),
        "model": first.candidate.slug if first else None,
        "models": [
            {
                "model": part.candidate.slug,
                "role": part.role.value,
                "grade": part.grade.value,
                "eci": part.eci,
                "host": part.offer.host.name if isinstance(part, OnApi) else None,
                "hosts": _hosts(part) if isinstance(part, OnApi) else None,
                "monthly_usd": part.monthly_usd,
            }
            for part in result.price.parts
        ],
    }


def _hosts(part: OnApi) -> dict[str, Json]:
    month = part.volume * DAYS_PER_MONTH
    return {
        "count": part.hosted.hosts,
        "low_usd": part.hosted.low_usd * month,
        "high_usd": part.hosted.high_usd * month,
        "cheapest": part.hosted.cheapest.host.name,
        "cheapest_usd": part.hosted.cheapest_usd * month,
    }


def _deciding(found: Deciding) -> dict[str, Json]:
    turn = found.turn
    return {
        "question": found.question,
        "answer": found.answer,
        "points": found.points,
        "rules_out": [option.value for option in found.rules_out],
        "saves_from": list(found.saves_from),
        "turn": {
            "answer": turn.answer,
            "volume": turn.volume,
            "group": _value(turn.group),
            "option": _value(turn.option),
        }
        if turn
        else None,
    }


def _flip(alternative: Alternative) -> dict[str, Json]:
    return {
        **_change(alternative.changes[0]),
        "group": _value(alternative.verdict.group),
        "kind": alternative.kind.value,
    }


def _pair_flip(alternative: Alternative) -> dict[str, Json]:
    return {
        "changes": [_change(change) for change in alternative.changes],
        "group": _value(alternative.verdict.group),
        "kind": alternative.kind.value,
    }


def _change(change: Change) -> dict[str, Json]:
    return {"question": change.question, "from": change.before, "to": change.after}


def _volume_flip(flip: VolumeFlip) -> dict[str, Json]:
    return {"volume": flip.volume, "group": _value(flip.group), "option": _value(flip.option)}


def _ask_first(found: AskFirst) -> dict[str, Json]:
    return {"question": found.question, "share": found.share}


def _model(option: Option, priced: Priced) -> dict[str, Json]:
    candidate = priced.candidate
    return {
        "model": candidate.slug,
        "name": candidate.name,
        "provider": candidate.provider,
        "url": reverse("catalog:detail", args=[candidate.slug]),
        "option": option.value,
        "role": priced.role.value,
        "monthly_usd": finite(priced.monthly_usd),
        "host": priced.offer.host.name if isinstance(priced, OnApi) else None,
        "gpu": priced.gpu.name if isinstance(priced, OnGpus) else None,
        "gpus": priced.fleet.gpus if isinstance(priced, OnGpus) else 0,
        "grade": priced.grade.value,
        "eci": priced.eci,
        "context_tokens": candidate.context_tokens,
        "reads": list[Json](sorted(candidate.modalities)),
        "eci_low": candidate.capability.low if candidate.capability else None,
        "eci_high": candidate.capability.high if candidate.capability else None,
        "eci_grade": candidate.capability.grade.value if candidate.capability else None,
        "eci_snapshot": candidate.capability.snapshot.isoformat() if candidate.capability else None,
        "country": candidate.country or None,
        "status": candidate.status,
        "rights": candidate.rights.value,
        "lacks": [
            {"kind": lack.kind, "wanted": lack.wanted, "found": lack.found} for lack in priced.lacks
        ],
        "checked_on": candidate.checked_on.isoformat(),
    }
