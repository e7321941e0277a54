"""The words for what the engine names by a key: roles, tiers, what is lacking, what is set."""

from dataclasses import dataclass
from datetime import date

from apps.catalog.models import Model, TierGrade
from apps.common.format import day
from apps.money import overrides
from apps.money.market import Candidate, Market
from apps.money.priced import Moves
from apps.money.suitability import Lack
from apps.money.work import Role


@dataclass(frozen=True, slots=True)
class RoleLabel:
    """The part of the work that a model does: as a clause, as a head, and behind its name."""

    clause: str
    head: str
    behind: str


ROLES = {
    Role.ALL: RoleLabel("for all requests", "All requests", ""),
    Role.HARD: RoleLabel("for the hard requests", "The hard part", " (hard part)"),
    Role.REST: RoleLabel("for the rest", "The rest", " (rest)"),
}
MOVES = {
    Moves.TOKEN_PRICE: "token prices ½ to 2×",
    Moves.GPU_PRICE: "GPU prices ½ to 2×",
    Moves.PEOPLE: "people ½ to 2×",
    Moves.THROUGHPUT: "estimated throughput ½ to 2×",
}
# What an amount buys, by the fields of `Parts`.
PARTS = {
    "tokens": "Tokens",
    "gpus": "GPUs",
    "infra": "Infrastructure",
    "people": "People",
    "setup": "Set-up",
}

_READS = {"text": "text", "images": "images", "live-av": "live audio and video"}


def tier(number: int) -> str:
    """Return what a model of a capability tier can be trusted with, within a sentence."""
    return str(TierGrade.Tier(number).label).lower()


def grade(candidate: Candidate) -> str:
    """Return what a model's tier rests on, within a sentence."""
    return str(TierGrade.Grade(candidate.tier_grade).label).lower()


def status(candidate: Candidate) -> str:
    """Return where a model is in its life."""
    return str(Model.Status(candidate.status).label)


def lack(found: Lack) -> str:
    """Return what a model lacks, as a clause."""
    if found.kind == "tier":
        return f"it is of tier {found.found}, and tier {found.wanted} is asked for"
    if found.kind == "modality":
        wanted = _READS.get(str(found.wanted), str(found.wanted))
        return f"it is not recorded as reading {wanted}"
    return "it has no room for one whole request"


def override_text(market: Market, key: str, value: str) -> str:
    """Return a pick as it reads: 'GPU: NVIDIA H100'."""
    names = {candidate.slug: candidate.name for candidate in market.candidates}
    names |= {gpu.slug: gpu.name for gpu in market.gpus}
    if key == overrides.AT:
        text = day(date.fromisoformat(value))
    elif key == overrides.AVOID:
        text = value.replace(",", ", ")
    else:
        text = f"{value} bits" if key == overrides.BITS else names.get(value, value)
    return f"{overrides.OVERRIDES[key]}: {text}"
