"""The scenarios and the guide as they are shipped."""

import pytest
from django.conf import settings
from django.core.management import call_command

from apps.common.rows import unlocked

FIXTURES = settings.BASE_DIR / "fixtures"


@pytest.fixture
def rules(db: None) -> None:
    """Load the rules that an empty installation is seeded with, without anything else."""
    with unlocked():
        call_command("loaddata", FIXTURES / "rules" / "rulebook.json", verbosity=0)


@pytest.fixture
def shipped(rules: None) -> None:
    """Load the rows that an empty installation is seeded with."""
    paths = sorted((FIXTURES / "scenarios").glob("*.json"))
    assert paths
    call_command("loaddata", *map(str, paths), verbosity=0)
