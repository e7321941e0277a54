"""What costs are compared with, and how many points they carry: method, section 4."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.money.arrays import Bools, Floats, Ints

# A bill below a cent a month is as good as none; keeps the logarithm finite.
_LEAST_USD = 0.01
# So many times the reference is worth nothing: the ten of the logarithm.
_FARTHEST = 10.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How dollars become points, and how capability counts: numbers of the rulebook.

    `cost_points` times log10(dollars at stake/`cost_floor_usd`)/3, between 0 and 1;
    `capability_floor` is the part of the best chance below which a model is no measure of cost,
    `rest_floor` that which the rest of a hybrid needs, `hybrid` what routing leaves.
    """

    cost_points: float = 3.0
    cost_floor_usd: float = 300.0
    capability_floor: float = 0.5
    rest_floor: float = 0.9
    hybrid: float = 0.97


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """What costs are compared with in each row, and how many points they carry.

    `known` tells that every option has a price; `reference` is US dollars a month.
    """

    known: Bools
    reference: Floats
    points: Floats

    @classmethod
    def of(
        cls, scale: Scale, points: Floats, usd: Sequence[Floats], ratios: Sequence[Floats]
    ) -> "Yardstick":
        """Return that of the ways of every option: (rows, ways) of each, a price and a chance.

        `points` are those that cost carries beside what is at stake in dollars.
        """
        least = np.array([found.min(axis=1) for found in usd])
        able = np.array(
            [
                np.where(ratio >= scale.capability_floor, found, np.inf).min(axis=1)
                for found, ratio in zip(usd, ratios, strict=True)
            ]
        )
        reference = np.where(np.isfinite(able).any(axis=0), able.min(axis=0), least.min(axis=0))
        reference = np.fmax(np.where(np.isfinite(reference), reference, 1.0), _LEAST_USD)
        top = np.where(np.isfinite(able), able, -np.inf).max(axis=0)
        stake = np.where(np.isfinite(top), top - reference, 0.0)
        floor = scale.cost_floor_usd
        at_stake = np.clip(np.log10(np.fmax(stake, floor) / floor) / 3.0, 0.0, 1.0)
        known = np.isfinite(least).all(axis=0)
        return cls(known, reference, points + scale.cost_points * at_stake)

    def rows(self, which: Bools) -> "Yardstick":
        """Return those of some rows."""
        return Yardstick(self.known[which], self.reference[which], self.points[which])

    def worth(self, capability_points: Floats, ratio: Floats, usd: Floats) -> Floats:
        """Return s_capability·v_capability + s_cost·v_cost of each way; −∞ where it is no choice.

        Beyond ten times the reference every price is worth 0 points, and a model of any price
        would be as good as its neighbour at a tenth of it: there the cheapest alone is a choice.
        """
        priced = np.isfinite(usd)
        near = priced & (usd <= _FARTHEST * self.reference[:, None])
        cheapest = priced & (usd <= np.where(priced, usd, np.inf).min(axis=1, keepdims=True))
        choices = np.where(near.any(axis=1, keepdims=True), near, cheapest)
        value = np.where(priced, self.value(usd), 0.0)
        worth = capability_points[:, None] * 100 * ratio + self.points[:, None] * value
        return np.where(choices, np.round(worth, 9), -np.inf)

    def value(self, usd: Floats) -> Floats:
        """Return 100·max(0, 1 − log10(a/a_ref)), at most 100; 0 where there is no price."""
        priced = np.isfinite(usd)
        ratio = np.fmax(np.where(priced, usd, np.inf), _LEAST_USD) / self.reference[:, None]
        value: Floats = np.clip(100.0 * (1.0 - np.log10(ratio)), 0.0, 100.0)
        return value


def worth_most(worth: Floats, eci: Floats, usd: Floats) -> Ints:
    """Return the place of the way of each row that is worth most.

    Of equals the more capable, of these the cheaper, then the first.
    """
    tied = worth >= worth.max(axis=1, keepdims=True)
    capable = np.where(tied, eci, -np.inf)
    tied &= capable >= capable.max(axis=1, keepdims=True)
    found: Ints = np.argmin(np.where(tied, np.round(usd, 6), np.inf), axis=1)
    return found
