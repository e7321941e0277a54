"""Everything that is shown of the money of one workload, computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.money.market import Gpu
from apps.money.needs import Needs
from apps.money.options import OPTIONS, Option
from apps.money.outlook.comparable import alike, cheapest
from apps.money.outlook.curve import Crossing, Point, crossings, curve
from apps.money.outlook.fit import PrecisionFit, precision_fits
from apps.money.outlook.levers import Swing, swings
from apps.money.outlook.regret import Regret, regret
from apps.money.outlook.stairs import Stair, stairs
from apps.money.outlook.totals import Total, totals
from apps.money.priced import OnGpus, OptionPrice
from apps.money.pricing import Pricer

# The options that may run a model on GPUs of their own choosing, the rented one first.
_SELF = (Option.SELF_CLOUD, Option.SELF_ONPREM)


@dataclass(frozen=True)
class Hosting:
    """A model on GPUs: the part that is priced, its steps, and the same model elsewhere.

    `elsewhere` holds the model on each GPU (None: it does not run there); `fits` what its weights
    need at each precision; `is_picked` tells that a person chose the GPU.
    """

    option: Option
    part: OnGpus
    stairs: tuple[Stair, ...]
    elsewhere: tuple[tuple[Gpu, OnGpus | None], ...]
    fits: tuple[PrecisionFit, ...]
    is_picked: bool


@dataclass(frozen=True)
class Report:
    """The money of one workload; prices in the order of OPTIONS, US dollars a month."""

    needs: Needs
    prices: tuple[OptionPrice, ...]
    # The options that are compared: no must-have rules them out, and what is priced lacks nothing
    # that is asked for, where there are such options; and the cheapest of them.
    among: tuple[Option, ...]
    cheapest: Option | None
    # The option that `swings` are of.
    focus: Option | None
    curve: tuple[Point, ...]
    crossings: tuple[Crossing, ...]
    swings: tuple[Swing, ...]
    totals: tuple[Total, ...]
    regret: Regret
    hosting: tuple[Hosting, ...]

    def price(self, option: Option) -> OptionPrice:
        """Return the month of an option."""
        return self.prices[OPTIONS.index(option)]


def report(
    pricer: Pricer,
    needs: Needs,
    left: Sequence[Option],
    focus: Option | None,
    ranges: Mapping[str, tuple[float, float]],
) -> Report:
    """Compute the report of the options that are left, of `focus` or else the cheapest in detail.

    `ranges` holds the lowest and highest value of each assumption.
    """
    prices = pricer.detail(needs)
    among = alike(prices, left)
    best = cheapest(prices, among)
    focus = focus or best
    return Report(
        needs=needs,
        prices=prices,
        among=among,
        cheapest=best,
        focus=focus,
        curve=curve(pricer, needs),
        crossings=crossings(pricer, needs),
        swings=swings(pricer, needs, focus, ranges, left) if focus else (),
        totals=totals(pricer, needs),
        regret=regret(pricer, needs, among),
        hosting=hosting(pricer, needs, prices),
    )


def hosting(pricer: Pricer, needs: Needs, prices: Sequence[OptionPrice]) -> tuple[Hosting, ...]:
    """Return the two self-hosted options' models on their GPUs, as far as they can be priced."""
    found = []
    for option in _SELF:
        for part in prices[OPTIONS.index(option)].on_gpus:
            written = pricer.written(part.candidate, needs)
            found.append(
                Hosting(
                    option,
                    part,
                    stairs(part),
                    pricer.on_each_gpu(needs, option),
                    precision_fits(part.candidate, pricer.market.gpus, written),
                    pricer.assumptions.gpu is not None,
                )
            )
    return tuple(found)
