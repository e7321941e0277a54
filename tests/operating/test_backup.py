"""One command copies the database, and one puts the copy back: all of it or nothing."""

import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.catalog.models import Model
from tests import factories
from tests.operating.conftest import OwnDatabase


@pytest.fixture
def copy(own_database: OwnDatabase, tmp_path: Path) -> Path:
    """A copy of a database that holds one model."""
    factories.ModelFactory.create(slug="one", name="As it was")
    path = tmp_path / "a copy"
    call_command("backup", path)
    return path


def name() -> str:
    return Model.objects.get(slug="one").name


def edit() -> None:
    Model.objects.update(name="Edited")


def test_a_copy_holds_all_and_comes_back(copy: Path) -> None:
    edit()
    call_command("restore", copy)
    assert name() == "As it was"


def test_a_copy_is_for_whoever_made_it(copy: Path) -> None:
    # It holds the hashes of passwords.
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_copy_is_not_written_over(copy: Path) -> None:
    before = copy.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", copy)
    assert copy.read_bytes() == before


@pytest.mark.parametrize("share", [0, 0.5, 0.9], ids=["empty", "half", "nearly whole"])
def test_what_is_no_whole_copy_changes_nothing(copy: Path, share: float) -> None:
    edit()
    content = copy.read_bytes()
    copy.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(CommandError):
        call_command("restore", copy)
    assert name() == "Edited"


def test_there_has_to_be_a_copy(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore", tmp_path / "none")
