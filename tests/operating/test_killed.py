"""A process that is killed in the middle of something leaves nothing half done."""

import os
import re
import signal
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from pytest_django import DjangoDbBlocker

from apps.catalog.models import Model
from apps.rules import publishing
from apps.rules.models import Rulebook
from tests.admin_forms import opened, url_of
from tests.operating.conftest import OwnDatabase, site_on
from tests.world import TODAY

# The tests' own threads do nothing that a process of its own would wait for.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)
# Each of them writes at least so often, so it is killed at its beginning and within it.
WRITES = (1, 2, 3)


@pytest.fixture(scope="module")
def site(migrated: OwnDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The seeded site on a database that a process of its own can open."""
    with django_db_blocker.unblock(), site_on(migrated):
        call_command("seed", verbosity=0)
        User.objects.create_superuser("ada")
        yield


@pytest.fixture
def editor(site: None) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="ada"))
    return client


def save(editor: Client) -> Callable[[], object]:
    row = Model.objects.get(slug="gpt-4o")
    form = opened(editor, row) | {"name": "Half done", "access": "Half done"}
    return lambda: editor.post(url_of(row), form)


def publish(editor: Client) -> Callable[[], object]:
    draft = Rulebook.objects.drafts().first() or publishing.copy_to_draft(Rulebook.objects.get())
    approval = publishing.Approval("What is new.")
    return lambda: publishing.publish(draft, TODAY, approval)


def take_in(editor: Client) -> Callable[[], object]:
    rows = "slug,access\ngpt-4o,Half done\ngpt-oss-120b,Half done\n"
    file = SimpleUploadedFile("rows.csv", rows.encode(), "text/csv")
    page: Any = editor.post("/admin/catalog/model/import/", {"file": file})
    plan = {"text": page.context["text"], "token": page.context["plan"].token, "confirm": "1"}
    return lambda: editor.post("/admin/catalog/model/import/", plan)


@pytest.mark.parametrize("writes", WRITES)
@pytest.mark.parametrize("prepare", [save, publish, take_in], ids=["save", "publish", "import"])
def test_what_was_begun_is_not_there(
    editor: Client, prepare: Callable[[Client], Callable[[], object]], writes: int
) -> None:
    act = prepare(editor)
    before = everything()
    assert killed(act, writes) == signal.SIGKILL
    assert everything() == before


def killed(act: Callable[[], object], writes: int) -> int:
    """Do something in a process that is killed after so many writes; return what ended it."""
    # Two processes cannot share a connection.
    connections["default"].close()
    child = os.fork()
    if child == 0:
        # Whatever happens, the copy must not go on with the tests.
        try:
            with connection.execute_wrapper(Killer(writes)):
                act()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


class Killer:
    """Ends the process right after a number of writes."""

    def __init__(self, writes: int) -> None:
        self.left = writes

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        result = execute(sql, params, many, context)
        if _WRITES.match(sql):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return result


def everything() -> str:
    """Return all rows but sessions, which say when somebody was last here."""
    models = [model for model in apps.get_models() if model is not Session]
    rows = [row for model in models for row in model._default_manager.order_by("pk")]
    return str(serializers.serialize("json", rows))
