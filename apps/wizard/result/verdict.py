"""The verdict in one sentence, and the answers that decided it or have to give."""

from dataclasses import dataclass
from typing import assert_never

from apps.common.format import count, usd
from apps.decision.decide import Decision
from apps.engine import links, sentences
from apps.engine.engine import Engine
from apps.money.priced import OnApi, OnDevices, OnGpus, OptionPrice, Priced
from apps.wizard.answer_rows import answer_text


@dataclass(frozen=True, slots=True)
class SplitRow:
    """'If it must stay inside: X; otherwise: Y'."""

    condition: str
    group: str  # empty where every option is ruled out
    option_name: str
    detail: str
    settle_url: str  # the same answers with this condition answered; empty for several answers


@dataclass(frozen=True, slots=True)
class DecidingRow:
    """An answer that decided it, or that rules everything out."""

    name: str
    answer: str
    detail: str
    change_url: str


@dataclass(frozen=True, slots=True)
class VerdictBlock:
    """The verdict with its strength in words."""

    group: str  # empty where nothing is recommended
    sentence: str
    # What it costs with which model where, and what comes next; empty where nothing is recommended.
    summary: tuple[str, ...]
    detail: str  # one or two sentences: how sure, how near the next one is
    split: tuple[SplitRow, ...]  # where a must-have is not known
    relax: tuple[DecidingRow, ...]  # where nothing is left
    deciding: tuple[DecidingRow, ...]
    consequences: tuple[str, ...]  # what the recommended option asks, where that is hard


def verdict_block(engine: Engine, decision: Decision) -> VerdictBlock:
    """Return the verdict with what decided it."""
    group = decision.verdict.group
    return VerdictBlock(
        group=group.value if group else "",
        sentence=sentences.verdict_sentence(engine.rulebook, decision),
        summary=_summary(engine, decision),
        detail=sentences.verdict_detail(engine.rulebook, decision),
        split=_split(engine, decision),
        relax=_relax(engine, decision),
        deciding=_deciding(engine, decision),
        consequences=_consequences(engine, decision),
    )


def _summary(engine: Engine, decision: Decision) -> tuple[str, ...]:
    """Return the month, the models and the hosts of the recommendation, then of the runner-up."""
    option = decision.verdict.option
    if option is None or not decision.result(option).price.parts:
        return ()
    price = decision.result(option).price
    people = f" and {usd(price.people_usd)} of people" if price.people_usd else ""
    told = [
        f"About {usd(price.expected)} a month with {_models(price)}: {usd(price.bills_usd)} of "
        f"bills{people}."
    ]
    if decision.why is not None:
        other = decision.result(decision.why.other)
        name = sentences.name(engine.rulebook, other.option)
        if other.price.parts:
            told.append(
                f"Next comes {name}: {usd(other.price.expected)} a month with "
                f"{_models(other.price)}."
            )
    return tuple(told)


def _models(price: OptionPrice) -> str:
    return sentences.listed(list(dict.fromkeys(map(_where, price.parts))))


def _where(part: Priced) -> str:
    """Return a model with the host, the GPUs or the devices that it is priced on."""
    name = part.candidate.name
    match part:
        case OnApi():
            return f"{name} at {part.offer.host.name}"
        case OnGpus():
            return f"{name} on {count(part.fleet.gpus)} {part.gpu.name}"
        case OnDevices():
            many = f"{count(part.devices)} × " if part.devices > 1 else ""
            return f"{name} on {many}{part.device.name}"
        case _:
            assert_never(part)


def _split(engine: Engine, decision: Decision) -> tuple[SplitRow, ...]:
    rows = []
    for part in decision.parts:
        settled = decision.answers
        for key, answers in part.condition:
            settled = settled.replace(key, answers[0])
        only_one = all(len(answers) == 1 for _, answers in part.condition)
        rows.append(
            SplitRow(
                condition=sentences.condition(engine.rulebook, part.condition),
                group=part.group.value if part.group else "",
                option_name=sentences.headline(engine.rulebook, part.option)
                if part.option
                else "No option is left",
                detail=sentences.part_detail(part),
                settle_url=links.result_url(engine.rulebook, settled) if only_one else "",
            )
        )
    return tuple(rows)


def _relax(engine: Engine, decision: Decision) -> tuple[DecidingRow, ...]:
    return tuple(
        DecidingRow(
            name=sentences.listed([engine.rulebook.by_key[key].short for key, _ in answers]),
            answer=sentences.ruled_out(engine.rulebook, answers),
            detail="Without this at least one option is left.",
            change_url=_change_url(engine, decision, answers[0][0]),
        )
        for answers in decision.relax
        if answers
    )


def _deciding(engine: Engine, decision: Decision) -> tuple[DecidingRow, ...]:
    lead = decision.verdict.leading
    if lead is None:
        return ()
    rulebook = engine.rulebook
    return tuple(
        DecidingRow(
            name=rulebook.by_key[found.question].short,
            answer=answer_text(rulebook, rulebook.by_key[found.question], decision.answers),
            detail=sentences.deciding(rulebook, lead, found),
            change_url=_change_url(engine, decision, found.question),
        )
        for found in decision.deciding
    )


def _consequences(engine: Engine, decision: Decision) -> tuple[str, ...]:
    """Return what is hard about the recommendation, and the answers that leave it alone."""
    rulebook = engine.rulebook
    found = [sentences.consequence(rulebook, decision, one) for one in decision.consequences]
    if decision.verdict.option is not None and decision.why is None:
        binding = dict.fromkeys(one.question for one in decision.deciding)
        named = sentences.listed([rulebook.by_key[key].short.lower() for key in binding], "or")
        if named:
            found.append(f"It is the only option left. If that asks too much, relax {named}.")
    return tuple(found)


def _change_url(engine: Engine, decision: Decision, question: str) -> str:
    """Return the question's page, which leads back to the result."""
    return links.question_url(engine.rulebook, question, decision.answers, links.BACK)
