"""How many people an option takes, where nobody said."""

from collections.abc import Callable

from apps.money.assumptions import Assumptions
from apps.money.options import Option
from apps.money.work import Kind

_MONTHS = 12


def base_fte(assumed: Assumptions, kind: Kind, *, on_device: bool = False) -> float:
    """Return the full-time people of a way to get a model, before its GPUs (section 6)."""
    if on_device:
        return assumed.people_device
    return {
        Kind.CLOSED: assumed.people_closed,
        Kind.HOSTED: assumed.people_hosted,
        Kind.RENTED: assumed.people_rented,
        Kind.OWNED: assumed.people_owned,
    }[kind]


def gpu_fte(assumed: Assumptions, kind: Kind) -> float:
    """Return the full-time people of each GPU: none where somebody else runs them (section 6)."""
    return {
        Kind.CLOSED: 0.0,
        Kind.HOSTED: 0.0,
        Kind.RENTED: assumed.people_per_gpu,
        Kind.OWNED: assumed.people_per_gpu_own,
    }[kind]


_STATED: dict[Option, Callable[[Assumptions], float | None]] = {
    Option.CLOSED_API: lambda assumed: assumed.fte_closed,
    Option.HOSTED_OPEN: lambda assumed: assumed.fte_hosted,
    Option.SELF_CLOUD: lambda assumed: assumed.fte,
    Option.SELF_ONPREM: lambda assumed: assumed.fte_onprem,
    Option.HYBRID: lambda assumed: assumed.fte_hybrid,
}


def stated_fte(assumed: Assumptions, option: Option) -> float | None:
    """Return the full-time people that somebody stated for an option; None where it is computed."""
    return _STATED[option](assumed)


def fte_usd(assumed: Assumptions) -> float:
    """Return the US dollars a month of one full-time person; 0 where people are left out."""
    return assumed.people * assumed.salary / _MONTHS
