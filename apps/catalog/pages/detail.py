"""What the page of one model shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.conf import settings

from apps.catalog.models import Citation, Gpu, License, Model, Score
from apps.catalog.pages.comparison import address
from apps.catalog.pages.hardware import Hardware, hardware
from apps.catalog.pages.labels import (
    OPENNESS,
    RIGHTS,
    Badge,
    Openness,
    stale_badge,
    status_badge,
    yes_no,
)
from apps.catalog.pages.model_capability import CapabilityBlock, TaskLevel, capability_block
from apps.catalog.pages.model_scenarios import Use
from apps.catalog.pages.offers_section import Offered, offered
from apps.catalog.pages.price_history import History, history
from apps.common.citing import SourceNote
from apps.common.countries import country_name
from apps.common.format import UNKNOWN, count, day, params
from apps.money.market import Rights


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value; None means unknown, and then there is no source."""

    label: str
    value: str | None
    source: SourceNote | None


@dataclass(frozen=True, slots=True)
class Terms:
    """The licence in plain words."""

    name: str | None
    kind: str
    rights: str
    clauses: tuple[str, ...]
    url: str
    source: SourceNote | None


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One result."""

    benchmark: str
    value: str
    unit: str
    version: str
    variant: str
    measured_on: str
    cost_usd: float | None
    note: str
    source: SourceNote


@dataclass(frozen=True, slots=True)
class BenchmarkNote:
    """What a benchmark measures."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """What the article said, beside what is true today."""

    date: date
    label: str
    provider: str
    size_or_access: str
    strengths: str


@dataclass(frozen=True, slots=True)
class Link:
    """Another model."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class IdentityBlock:
    """Whose model it is, and when somebody looked at it last."""

    name: str
    provider: str
    country: str
    access: str
    is_open: bool
    checked_on: date
    stale: Badge | None


@dataclass(frozen=True, slots=True)
class StatusBlock:
    """Where it is in its life, and between which models it stands."""

    badge: Badge
    sentence: str
    source: SourceNote
    later: tuple[Link, ...]  # what replaced it, then what replaced that
    compare_url: str  # with the last of them; empty where there is none
    predecessors: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class OpennessBlock:
    """How open it is."""

    degree: Openness
    source: SourceNote


@dataclass(frozen=True, slots=True)
class ScoresBlock:
    """The results, and what each benchmark measures."""

    rows: tuple[ScoreRow, ...]
    benchmarks: tuple[BenchmarkNote, ...]


@dataclass(frozen=True)
class DetailPage:
    """The page of a model."""

    identity: IdentityBlock
    status: StatusBlock
    openness: OpennessBlock
    article: ArticleView | None
    terms: Terms
    facts: tuple[Fact, ...]
    offered: Offered
    history: History | None
    hardware: Hardware | None
    scores: ScoresBlock
    capability: CapabilityBlock | None
    uses: tuple[Use, ...]
    report_url: str


def detail_page(
    model: Model,
    today: date,
    gpus: Iterable[Gpu] = (),
    uses: Sequence[Use] = (),
    levels: Sequence[TaskLevel] = (),
) -> DetailPage:
    """Return the page of a model that was loaded with `for_detail`."""
    cited = {citation.field: citation for citation in model.citations.all()}
    general, offers = model.source.cited(), list(model.offers.all())
    return DetailPage(
        identity=_identity(model, today),
        status=_status(model, today, _cited(cited, "status", general)),
        openness=OpennessBlock(OPENNESS[model.openness], _cited(cited, "openness", general)),
        article=_article(model),
        terms=_terms(model.license, cited.get("license")),
        facts=tuple(_facts(model, cited, general)),
        offered=offered(offers, today),
        history=history(offers, today),
        hardware=hardware(model, gpus),
        scores=_scores(model),
        capability=capability_block(model, today, levels),
        uses=tuple(uses),
        report_url=_report_url(model),
    )


def _identity(model: Model, today: date) -> IdentityBlock:
    return IdentityBlock(
        name=model.name,
        provider=model.provider.name,
        country=country_name(model.provider.country),
        access=model.access,
        is_open=model.is_open,
        checked_on=model.checked_on,
        stale=stale_badge(model.checked_on, today),
    )


def _status(model: Model, today: date, source: SourceNote) -> StatusBlock:
    later = model.later()
    return StatusBlock(
        badge=status_badge(model, today),
        sentence=_status_sentence(model, today),
        source=source,
        later=tuple(map(_link, later)),
        compare_url=address((model.slug, later[-1].slug), only=False) if later else "",
        predecessors=tuple(map(_link, model.predecessors.all())),
    )


def _link(model: Model) -> Link:
    return Link(model.name, model.get_absolute_url())


def _cited(cited: dict[str, Citation], field: str, general: SourceNote) -> SourceNote:
    citation = cited.get(field)
    return citation.source.cited(citation.detail) if citation else general


def _status_sentence(model: Model, today: date) -> str:
    status, ends = model.status_on(today), model.retirement_date
    if status == Model.Status.RETIRED:
        since = f" on {day(ends)}" if ends else ""
        return f"Its maker has shut it down{since}. It is kept here for reference."
    if ends:
        return f"Its maker shuts it down on {day(ends)}."
    if status == Model.Status.DEPRECATED:
        return "Its maker will shut it down; the date is not known."
    if status == Model.Status.LEGACY:
        return "A newer model has taken its place; it can still be used."
    return "Its maker offers it without a replacement."


def _terms(license_: License | None, citation: Citation | None) -> Terms:
    if license_ is None:
        source = citation.source.cited(citation.detail) if citation else None
        return Terms(None, "", RIGHTS[Rights.UNKNOWN.value].sentence, (), "", source)
    return Terms(
        name=license_.name,
        kind="" if license_.rights == Rights.API_TERMS else _in_a_sentence(license_),
        rights=RIGHTS[license_.rights].sentence,
        clauses=tuple(
            clause
            for clause in (
                license_.revenue_clause,
                license_.users_clause,
                license_.region_clause,
                license_.other_clause,
            )
            if clause
        ),
        url=license_.url,
        source=license_.source.cited(citation.detail if citation else ""),
    )


def _in_a_sentence(license_: License) -> str:
    """Return the class of a licence as it stands within a sentence: OSI keeps its capitals."""
    words: str = license_.get_license_class_display()
    return words[0].lower() + words[1:]


def _facts(model: Model, cited: dict[str, Citation], general: SourceNote) -> Iterable[Fact]:
    values: tuple[tuple[str, str, str | None], ...] = (
        ("release_date", "Released", _known(day(model.release_date))),
        ("knowledge_cutoff", "Knowledge cutoff", model.knowledge_cutoff or None),
        ("context_tokens", "Context", _tokens(model.context_tokens)),
        ("max_output_tokens", "Longest output", _tokens(model.max_output_tokens)),
        ("modalities", "Reads", ", ".join(m.name for m in model.reads.all()) or None),
        ("modalities", "Writes", ", ".join(m.name for m in model.writes.all()) or None),
        ("tools", "Calls tools", yes_no(model.tools)),
        ("structured_output", "Structured output", yes_no(model.structured_output)),
        ("reasoning", "Reasons before it answers", yes_no(model.reasoning)),
    )
    if model.is_open:
        values += (
            ("params_total_b", "Parameters", _known(params(model.params_total_b))),
            ("params_active_b", "Active parameters", _known(params(model.params_active_b))),
            ("served_bits", "Bits a weight when served", _number(model.served_bits)),
            ("weights_gb", "Size of the published weights", _gigabytes(model.weights_gb)),
            ("architecture", "Layers that keep a cache", _architecture(model)),
            ("hf_repo", "Repository on Hugging Face", model.hf_repo or None),
        )
    for field, label, value in values:
        yield Fact(label, value, None if value is None else _cited(cited, field, general))


def _known(written: str) -> str | None:
    return None if written == UNKNOWN else written


def _tokens(value: int | None) -> str | None:
    return None if value is None else f"{count(value)} tokens"


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _gigabytes(value: float | None) -> str | None:
    return None if value is None else f"{value:g} GB"


def _architecture(model: Model) -> str | None:
    if model.layers is None:
        return None
    if model.latent_dim is not None:
        return f"{model.layers}, with latent attention of {model.latent_dim} values"
    found = f"{model.layers}, with {model.kv_heads} KV heads of {model.head_dim}"
    if not model.window_layers:
        return found
    window = count(model.window_tokens)
    return f"{found}; {model.window_layers} of them keep the last {window} tokens only"


def _scores(model: Model) -> ScoresBlock:
    scores = model.scores.all()
    notes = (BenchmarkNote(score.benchmark.name, score.benchmark.about) for score in scores)
    return ScoresBlock(tuple(map(_score, scores)), tuple(dict.fromkeys(notes)))


def _score(score: Score) -> ScoreRow:
    return ScoreRow(
        benchmark=score.benchmark.name,
        value=f"{score.value:g}",
        unit=score.benchmark.unit,
        version=score.version,
        variant=score.variant,
        measured_on=score.measured_on,
        cost_usd=score.cost_usd,
        note=score.note,
        source=score.source.cited(),
    )


def _article(model: Model) -> ArticleView | None:
    if not model.in_article or model.article_date is None:
        return None
    return ArticleView(
        date=model.article_date,
        label=model.article_label,
        provider=model.article_provider,
        size_or_access=model.article_size_or_access,
        strengths=model.article_strengths,
    )


def _report_url(model: Model) -> str:
    """Return where a wrong fact is reported; a letter names the model."""
    contact: str = settings.CONTACT
    if not contact.startswith("mailto:"):
        return contact
    joined = "&" if "?" in contact else "?"
    return f"{contact}{joined}subject={quote(f'Wrong fact: {model.name} ({model.slug})')}"
