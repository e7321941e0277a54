"""What every row of a version shares."""

from typing import Self

from apps.common.rows import NaturalManager, NaturalRow
from apps.decision.vocabulary import CRITERIA
from apps.money.options import OPTIONS

CRITERION_CHOICES = [(criterion.value, criterion.value) for criterion in CRITERIA]
OPTION_CHOICES = [(option.value, option.value) for option in OPTIONS]


class Part(NaturalRow):
    """A row of one version of the rules."""

    objects = NaturalManager[Self]()

    class Meta:
        """No table of its own."""

        abstract = True
