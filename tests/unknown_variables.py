"""A template that names a variable which is not there fails its test."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_started
from django.template import Engine


class UnknownVariableError(Exception):
    """A page asked for a variable that its context does not have."""


class _Raises(str):
    """What Django writes in the place of an unknown variable, once it has put in its name."""

    __slots__ = ()

    def __mod__(self, variable: object) -> str:
        raise UnknownVariableError(str(variable))


@pytest.fixture(autouse=True)
def no_unknown_variables() -> Iterator[None]:
    """Raise for an unknown variable, but not in the admin: Django's own pages have some."""
    engine = Engine.get_default()

    def choose(environ: dict[str, Any], **kwargs: object) -> None:
        is_admin = environ["PATH_INFO"].startswith("/admin/")
        engine.string_if_invalid = "" if is_admin else _Raises("%s")

    engine.string_if_invalid = _Raises("%s")
    request_started.connect(choose)
    yield
    request_started.disconnect(choose)
    engine.string_if_invalid = ""
