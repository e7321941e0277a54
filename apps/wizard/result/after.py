"""What follows from a recommendation: rules to check, risks to watch and steps to take."""

from dataclasses import dataclass

from apps.common.citing import SourceDate, SourceNote
from apps.decision.decide import Decision
from apps.decision.rulebook import ChecklistItem, OptionText, QuestionKind, Risk, StepKind
from apps.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class ToCheck:
    """One thing to check, and who says so."""

    text: str
    source: SourceNote


@dataclass(frozen=True, slots=True)
class ChecklistBlock:
    """What a rule asks to be checked."""

    name: str
    items: tuple[ToCheck, ...]


@dataclass(frozen=True, slots=True)
class StepsBlock:
    """What to do after choosing the option."""

    trial: tuple[str, ...]
    path_out: tuple[str, ...]
    reverse: tuple[str, ...]


def checklists(engine: Engine, decision: Decision) -> tuple[ChecklistBlock, ...]:
    """Return what the rules that were answered ask for."""
    return tuple(
        ChecklistBlock(choice.label, tuple(map(_to_check, choice.checklist)))
        for question in engine.rulebook.questions
        if question.kind is QuestionKind.SEVERAL
        for key in decision.answers.several.get(question.key, ())
        if (choice := question.by_key.get(key)) and choice.checklist
    )


def _to_check(item: ChecklistItem) -> ToCheck:
    dated = SourceDate.of(item.as_of)
    return ToCheck(item.text, SourceNote(item.source, item.source_url, dated=dated))


def risks(engine: Engine, decision: Decision) -> tuple[Risk, ...]:
    """Return the risks of the recommended option; none where nothing is recommended."""
    option = decision.verdict.option
    return engine.rulebook.options[option].risks if option else ()


def steps(engine: Engine, decision: Decision) -> StepsBlock | None:
    """Return the steps after choosing the option; None where nothing is recommended."""
    option = decision.verdict.option
    if option is None:
        return None
    text = engine.rulebook.options[option]
    return StepsBlock(*(_of_kind(text, kind) for kind in StepKind))


def _of_kind(text: OptionText, kind: StepKind) -> tuple[str, ...]:
    return tuple(step.text for step in text.steps if step.kind is kind)
