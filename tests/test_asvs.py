"""What the list on security names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_place_that_the_list_names_exists() -> None:
    text = (ROOT / "docs/asvs.md").read_text()
    named = set(re.findall(r"`((?:apps|tests|config|docs|requirements)/[\w/.*-]+)`", text))
    assert len(named) > 30
    assert sorted(place for place in named if not list(ROOT.glob(place))) == []
