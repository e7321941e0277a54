"""The scenarios and the guide as they are shipped."""

import pytest
from django.conf import settings
from django.core.management import call_command


@pytest.fixture
def shipped(db: None) -> None:
    """Load the rows that an empty installation is seeded with."""
    paths = sorted((settings.BASE_DIR / "fixtures" / "scenarios").glob("*.json"))
    assert paths
    call_command("loaddata", *map(str, paths), verbosity=0)
