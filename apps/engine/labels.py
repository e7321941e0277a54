"""The words for what the engine names by a key: roles, capability, what is lacking, what is set."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from apps.catalog.models import Model
from apps.common.format import about, day, tokens
from apps.money import overrides
from apps.money.market import Candidate, Capability, CapabilityGrade, Market
from apps.money.priced import Moves
from apps.money.suitability import Lack, LackKind
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
    Role.INSIDE: RoleLabel("for what must stay inside", "What stays inside", " (inside)"),
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


_GRADES = {
    CapabilityGrade.EXACT: "measured",
    CapabilityGrade.PREDECESSOR: "a lower bound, as measured for its predecessor {}",
    CapabilityGrade.ESTIMATED: "estimated from another benchmark",
}
_FACTS = {
    "known": "the country of its operator is not on record",
    "per-token": "it is not known to be paid by the token",
    "direct": "it passes requests on to others, or serves other weights",
    "seen": "its price was last seen more than 90 days ago",
    "contract": "no data-processing contract is on record",
    "no-training": "it is not known to keep paid traffic out of training",
    "zero-retention": "it is not known to keep nothing",
    "audited": "no audit (SOC 2 Type II or ISO 27001) is on record",
    "hipaa": "no HIPAA agreement is on record",
    "eu-region": "it is not known to stay within the EU",
    "us-region": "it is not known to stay within the US",
}
_CLOUDS = {"aws", "azure", "google", "other-cloud"}


def capability(found: Capability | None) -> str:
    """Return how capable a model is, within a sentence: 'ECI 157 (154 to 160), measured'."""
    if found is None:
        return "not measured"
    interval = (
        f" ({found.low:.0f} to {found.high:.0f})"
        if found.low is not None and found.high is not None
        else ""
    )
    return f"ECI {found.eci:.0f}{interval}, {_GRADES[found.grade].format(found.stands_for)}"


def status(candidate: Candidate) -> str:
    """Return where a model is in its life."""
    return str(Model.Status(candidate.status).label)


def lack(found: Lack) -> str:
    """Return what a model, or whoever serves it, lacks, as a clause."""
    match found.kind:
        case LackKind.HOST:
            return f"at its host {_host_lack(str(found.wanted))}"
        case LackKind.CAPABILITY:
            wanted, has = (f"{float(number or 0):.0f}" for number in (found.wanted, found.found))
            return f"its ECI is {has}, and {wanted} is asked for"
        case LackKind.MODALITY:
            wanted = _READS.get(str(found.wanted), str(found.wanted))
            return f"it is not recorded as reading {wanted}"
        case LackKind.CONTEXT:
            return f"it has no room for {tokens(float(found.wanted))} tokens at once"
        case LackKind.LOAD:
            return (
                f"one such device carries {about(float(found.found or 0))} requests a day, not "
                f"{about(float(found.wanted))}"
            )
        case LackKind.TUNING:
            return "no price for a tuned version is known, so it is estimated from the base price"
        case _:
            assert_never(found.kind)


def _host_lack(clause: str) -> str:
    facts = clause.split(" or ")
    if _CLOUDS & set(facts):
        return "it does not run in that cloud account"
    if len(facts) > 1:
        return "neither zero retention nor a pinned region is on record"
    return _FACTS.get(clause, f"“{clause}” is not on record")


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
