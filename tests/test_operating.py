"""What operators are told is what is built: one set of commands, in the page and in the image."""

import json
import re
import shlex
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from apps.common.checks import refuse_to_start_wrongly
from config import env

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/operating.md").read_text()
IMAGE = (ROOT / "Containerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()
README = (ROOT / "README.md").read_text()


def test_the_image_serves_with_the_command_of_the_page() -> None:
    served = json.loads(IMAGE.rpartition("CMD ")[2])
    (told,) = [line for line in PAGE.splitlines() if "-m granian" in line]
    assert served == shlex.split(told)


def test_every_command_of_the_page_runs_in_the_containers() -> None:
    first = PAGE.split("```sh")[1].split("```")[0]
    commands = re.findall(r"manage\.py [\w -]+", first)
    assert [command for command in commands if command.strip() not in IMAGE + COMPOSE] == []


def test_the_readme_names_every_variable_that_is_read() -> None:
    settings = (ROOT / "config/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', settings))
    assert read <= set(re.findall(r"^\| `(\w+)`", README, re.MULTILINE)) | {"DATABASE_URL"}


@pytest.fixture
def fitting(settings: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "staticfiles.json").write_text("{}")
    settings.STATIC_ROOT, settings.HTTPS, settings.DEBUG = tmp_path, True, False
    settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS = ["openweigh.example.org"], []
    return settings


def test_settings_that_fit_let_a_process_start(fitting: Settings) -> None:
    refuse_to_start_wrongly()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEBUG", True, "DEBUG=on"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS"),
        ("CSRF_TRUSTED_ORIGINS", ["http://a.example"], "does not begin with https://"),
        ("STATIC_ROOT", Path("/nowhere"), "collectstatic"),
    ],
)
def test_a_process_does_not_start_with_a_wrong_setting(
    fitting: Settings, name: str, value: object, said: str
) -> None:
    setattr(fitting, name, value)
    with pytest.raises(ImproperlyConfigured, match=re.escape(said)):
        refuse_to_start_wrongly()


@pytest.mark.parametrize("value", ["", "a b/", "../x", "ä/", "//"])
def test_a_path_is_a_path(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PATH", value)
    with pytest.raises(ImproperlyConfigured, match="ADMIN_PATH"):
        env.path("ADMIN_PATH", default="admin/")


@pytest.mark.parametrize("value", ["editors", "/editors/", "a-b/c_d"])
def test_a_path_ends_with_a_slash(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PATH", value)
    assert env.path("ADMIN_PATH", default="admin/") == f"{value.strip('/')}/"


def test_a_token_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "short")
    with pytest.raises(ImproperlyConfigured, match="at least 20 characters"):
        env.token("METRICS_TOKEN")
