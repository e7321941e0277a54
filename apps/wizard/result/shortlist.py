"""The concrete models of a recommendation: why each, and what it is worse at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from django.urls import reverse

from apps.common.format import count, day, params, share, tokens, usd, usd_between
from apps.decision.decide import Decision
from apps.engine import sentences
from apps.engine.engine import Engine
from apps.engine.labels import ROLES, capability, lack, status
from apps.money.drawbacks import (
    Conditions,
    Dearer,
    Drawback,
    LessCapable,
    LessRoom,
    ReadsLess,
    drawbacks,
)
from apps.money.hosting import WRITE_OFF_MONTHS, Grade
from apps.money.market import Candidate, Offer, Rights
from apps.money.needs import Level
from apps.money.options import Option
from apps.money.priced import OnApi, OnDevices, OnGpus, Priced
from apps.money.work import Role

_MODALITIES = {"image": "images", "pdf": "PDFs"}
_NOTE = (
    "A model is listed if it is current, reads what you need, has room for one request, "
    "is measured, may be used by a business, and a host counts that serves it or hardware that "
    "it fits; the one that is worth most, capability against price, comes first. That one is the "
    "model that the costs are computed with. Where no model meets all of this, the nearest are "
    "listed with what they lack. Amounts here leave people out."
)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model to try for the recommended option."""

    name: str
    url: str
    provider: str
    option_name: str
    role: str
    why: str
    worse: str
    lacks: str  # empty where it meets every need
    rights: str
    hardware: str  # empty for an API
    price: str
    price_source: str
    status: str
    capability: str  # index, interval, grade and snapshot in one sentence
    chance: float  # of solving such work, 0 to 1
    checked_on: date


@dataclass(frozen=True, slots=True)
class ModelsBlock:
    """The shortlist, and what it rests on."""

    rows: tuple[ModelRow, ...]
    note: str  # empty where no model is listed


def models_block(engine: Engine, decision: Decision) -> ModelsBlock:
    """Return the shortlist, the model that is priced first."""
    rows = tuple(_row(engine, decision, option, priced) for option, priced in decision.shortlist)
    return ModelsBlock(rows, _NOTE if rows else "")


def _of_role(decision: Decision, option: Option, role: Role) -> list[Priced]:
    return [priced for o, priced in decision.shortlist if o is option and priced.role is role]


def _level(decision: Decision, priced: Priced) -> Level:
    """Return the level of the work that a model is listed for."""
    return decision.needs.easier if priced.role is Role.REST else decision.needs.hardest


def _row(engine: Engine, decision: Decision, option: Option, priced: Priced) -> ModelRow:
    candidate, peers = priced.candidate, _of_role(decision, option, priced.role)
    return ModelRow(
        name=candidate.name,
        url=reverse("catalog:detail", args=[candidate.slug]),
        provider=candidate.provider,
        option_name=sentences.name(engine.rulebook, option),
        role=ROLES[priced.role].clause,
        why=_why(priced, peers),
        worse=_worse(priced, peers),
        lacks=sentences.listed([lack(each) for each in priced.lacks]),
        rights=_rights(candidate),
        hardware=_hardware(priced),
        price=_price(priced),
        price_source=_price_source(priced.offer) if isinstance(priced, OnApi) else "",
        status=status(candidate),
        capability=_capability(candidate),
        chance=_level(decision, priced).chance(priced.eci),
        checked_on=candidate.checked_on,
    )


def _why(priced: Priced, peers: Sequence[Priced]) -> str:
    if priced is peers[0]:
        which = "of the models that come nearest" if priced.lacks else "of the suitable models"
        best = "The cheapest" if priced.role is Role.REST else "Worth most"
        return f"{best} {which}: {usd(priced.monthly_usd)} a month."
    more = usd_between(priced.monthly_usd, peers[0].monthly_usd)
    against = "as much as"
    if more:
        against = f"{usd(abs(more))} {'more' if more > 0 else 'less'} than"
    return f"{usd(priced.monthly_usd)} a month, {against} {peers[0].candidate.name}."


def _worse(priced: Priced, peers: Sequence[Priced]) -> str:
    """Return what a model is recorded as worse at than another on the list."""
    others = [peer for peer in peers if peer is not priced]
    if not others:
        return "No other model is listed here for the same work."
    text = "; ".join(_drawback(found) for found in drawbacks(priced, others) if _shows(found))
    if not text:
        return "Nothing that the catalog records, against the others here."
    return f"{text[0].upper()}{text[1:]}."


def _shows(found: Drawback) -> bool:
    """Tell whether a difference is still one as it is printed."""
    match found:
        case LessRoom(own, other):
            return tokens(own) != tokens(other.context_tokens)
        case LessCapable(eci, other_eci):
            return f"{eci:.0f}" != f"{other_eci:.0f}"
        case _:
            return True


def _drawback(found: Drawback) -> str:
    match found:
        case LessCapable(eci, other_eci, other):
            return f"less capable than {other.name} (ECI {eci:.0f} against {other_eci:.0f})"
        case LessRoom(own, other):
            room = tokens(other.context_tokens)
            return f"less room than {other.name} ({tokens(own)} tokens against {room})"
        case ReadsLess(modalities):
            words = [_MODALITIES.get(modality, modality) for modality in modalities]
            return f"not recorded as reading {sentences.listed(words, 'or')}, as others here are"
        case Conditions():
            return "conditions on its use, others here have none"
        case Dearer():
            return "dearer"
        case _:
            assert_never(found)


def _rights(candidate: Candidate) -> str:
    if candidate.rights is Rights.API_TERMS:
        return "Used through an API under the vendor’s terms; the weights are not available."
    if candidate.rights is Rights.FREE:
        return f"{candidate.license}: a business may use, change and host it."
    if candidate.rights is Rights.CONDITIONAL:
        return f"{candidate.license}: a business may use it under conditions. {candidate.clause}"
    return f"{candidate.license or 'Licence unknown'}: rights of a business are not known."


def _capability(candidate: Candidate) -> str:
    found = candidate.capability
    if found is None:
        return "Not measured."
    note = f" {found.note}" if found.note else ""
    return (
        f"{capability(found)}. Epoch Capabilities Index by Epoch AI (CC BY 4.0), snapshot of "
        f"{day(found.snapshot)}.{note}"
    )


def _hardware(priced: Priced) -> str:
    match priced:
        case OnApi():
            return ""
        case OnGpus():
            return _on_gpus(priced)
        case OnDevices():
            return _on_devices(priced)
        case _:
            assert_never(priced)


def _on_devices(priced: OnDevices) -> str:
    device, model = priced.device, priced.on_device.model
    many = f"{count(priced.devices)} × " if priced.devices > 1 else ""
    return (
        f"{many}{device.name}, {device.memory_gb:g} GB of memory: {model.weights_gb:.0f} GB of "
        f"weights at {model.bits:g} bits, about {priced.tokens_per_second:.0f} tokens a second "
        f"(estimated from {device.bandwidth_gbs:g} GB/s), {share(priced.utilisation)} busy on "
        f"average. Source: {device.source}, {day(device.as_of)}."
    )


def _on_gpus(priced: OnGpus) -> str:
    fleet = priced.fleet
    grade = (
        "speed measured"
        if priced.grade is Grade.MEASURED
        else "speed or memory estimated (½ to 2×)"
    )
    size = f"{params(priced.candidate.params_b)} parameters"
    each = count(fleet.gpus_per_replica)
    return (
        f"{count(fleet.gpus)} {priced.gpu.name} {_gpus(fleet.gpus)}: {count(fleet.replicas)} "
        f"{'replica' if fleet.replicas == 1 else 'replicas'} on {each} "
        f"{_gpus(fleet.gpus_per_replica)} each, spare included, {share(fleet.utilisation)} busy on "
        f"average. {size} at {priced.candidate.bits:g} bits; {grade}."
    )


def _gpus(number: int) -> str:
    return "GPU" if number == 1 else "GPUs"


def _price(priced: Priced) -> str:
    match priced:
        case OnApi(offer=offer):
            price, note = offer.price, offer.note.rstrip(".")
            text = (
                f"{usd(price.input)} in, {usd(price.output)} out per million tokens at {offer.host}"
            )
            return f"{text}. {note}." if note else f"{text}."
        case OnGpus(monthly_usd=monthly_usd):
            return f"{usd(monthly_usd)} a month for GPUs and infrastructure, without people."
        case OnDevices(monthly_usd=monthly_usd, device=device):
            return (
                f"{usd(device.price_usd)} to buy; {usd(monthly_usd)} a month over "
                f"{WRITE_OFF_MONTHS} months with its power, without people."
            )
        case _:
            assert_never(priced)


def _price_source(offer: Offer) -> str:
    return f"{offer.source}, {day(offer.as_of)}"
