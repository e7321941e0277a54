"""The commands say clearly what is wrong, and the lock files hold what they promise."""

import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["app", "dev"]
MAKES_OWN = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}


def make(*arguments: str, directory: Path = ROOT) -> subprocess.CompletedProcess[str]:
    # The tests may have been started by make, whose flags are not meant for this one.
    environment = {name: value for name, value in os.environ.items() if name not in MAKES_OWN}
    command = ["make", "--silent", *arguments]
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)


def sentences(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if not line.startswith("make")]


def port_check(port: str) -> subprocess.CompletedProcess[str]:
    # `port` comes after the installation, which is not what is tested: it is told to be done.
    return make("port", "--assume-old=install", f"PY={sys.executable}", f"PORT={port}")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout in which nothing has been installed; its path holds a space."""
    root = tmp_path / "open weigh"
    (root / "requirements").mkdir(parents=True)
    (root / "Makefile").write_text((ROOT / "Makefile").read_text())
    for lock in LOCKS:
        (root / "requirements" / f"{lock}.txt").write_text("# nothing\n")
    return root


def install(checkout: Path, python: str) -> subprocess.CompletedProcess[str]:
    return make("install", f"PYTHON={python}", directory=checkout)


def test_without_a_suitable_python_one_sentence_says_so(checkout: Path) -> None:
    done = install(checkout, "/bin/false")
    assert done.returncode != 0
    assert sentences(done) == ["PYTHON=/bin/false is not a working Python 3.12 or newer."]
    assert not (checkout / ".venv").exists()


def test_without_the_venv_module_one_sentence_names_the_package(checkout: Path) -> None:
    python = checkout / "python-without-venv"
    python.write_text("#!/bin/sh\nexit 3\n")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    (sentence,) = sentences(install(checkout, str(python)))
    assert "has no venv module" in sentence
    assert "python3-venv" in sentence


def test_an_installation_is_made_once_and_again_when_the_lock_file_changes(checkout: Path) -> None:
    assert "Installing requirements/app.txt" in install(checkout, sys.executable).stdout
    assert install(checkout, sys.executable).stdout == ""
    (checkout / "requirements" / "app.txt").write_text("# something else\n")
    again = install(checkout, sys.executable).stdout
    assert "Installing requirements/app.txt" in again
    assert "Making .venv" not in again


def test_an_environment_of_another_checkout_is_not_cleared(checkout: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "bin").mkdir(parents=True)
    (checkout / ".venv").symlink_to(other)
    done = install(checkout, sys.executable)
    assert done.returncode != 0
    assert sentences(done) == [".venv is a link, and what it leads to is not whole: make it there."]
    assert (other / "bin").exists()


def test_an_interrupted_installation_starts_anew(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    assert "Making .venv" in install(checkout, sys.executable).stdout
    assert install(checkout, sys.executable).stdout == ""


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80a", "8000; true", "８０００"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    done = port_check(port)
    assert done.returncode != 0
    assert sentences(done) == [f"PORT must be a whole number from 1 to 65535, not {port!r}."]


def test_a_taken_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = port_check(str(port))
    assert done.returncode != 0
    (sentence,) = sentences(done)
    assert sentence.startswith(f"Port {port} is taken")


def test_a_free_port_is_accepted() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    assert port_check(str(port)).returncode == 0


def test_python_is_the_tested_one() -> None:
    assert (ROOT / ".python-version").read_text().strip() == "3.13"


@pytest.mark.parametrize("lock", LOCKS)
def test_each_pinned_package_has_its_hashes(lock: str) -> None:
    pins = _pins(lock)
    assert "django" in pins
    for block in pins.values():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_index(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", text)


def test_tests_run_on_the_packages_that_are_served() -> None:
    assert _versions("app").items() <= _versions("dev").items()


def _versions(lock: str) -> dict[str, str]:
    """Return the pinned version of each package."""
    return {name: re.split(r"[ ;\\]", block)[0] for name, block in _pins(lock).items()}


def _pins(lock: str) -> dict[str, str]:
    """Return each requirement line with its hashes, by the package's name."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    blocks = re.split(r"\n(?=\S)", "\n".join(lines).strip())
    return {re.split(r"[=\[@ ]", block, maxsplit=1)[0]: block for block in blocks}
