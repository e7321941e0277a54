"""The front page of the editors: what waits, and the commonest tasks one click away."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for an editor, with the page where it is done."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Task:
    """A task with its page, and the permission that it takes."""

    name: str
    about: str
    url: str
    permission: str


# Yields what waits for whoever asks.
type Look = Callable[[HttpRequest], Iterable[Waiting]]

_looks: list[tuple[str, Look]] = []
_tasks: list[Callable[[], Task]] = []


def waits(permission: str, look: Look) -> None:
    """Have the front page say what waits in an app, to those who have a permission."""
    _looks.append((permission, look))


def task(make: Callable[[], Task]) -> None:
    """Put a task on the front page."""
    _tasks.append(make)


def waiting(request: HttpRequest) -> Iterator[Waiting]:
    """Yield what waits for the one who asks."""
    for permission, look in _looks:
        if request.user.has_perm(permission):
            yield from look(request)


def tasks(request: HttpRequest) -> Iterator[Task]:
    """Yield the tasks of the one who asks."""
    yield from (one for make in _tasks if request.user.has_perm((one := make()).permission))
