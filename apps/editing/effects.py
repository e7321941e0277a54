"""What a change of rows does to recommendations, told to the editor who made it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

# Returns what stands now, by a name for people; called before and after a change.
type Look = Callable[[], Mapping[str, str]]

# So many changes are told one by one.
_TOLD = 10
_looks: dict[str, Look] = {}


def register(app_label: str, look: Look) -> None:
    """Have changes of an app's rows measured by what a look returns before and after."""
    _looks[app_label] = look


@contextmanager
def told(request: HttpRequest, app_label: str) -> Iterator[None]:
    """Tell what a change inside did; nothing is computed for a page that is only read."""
    look = _looks.get(app_label) if request.method == "POST" else None
    if look is None:
        yield
        return
    before = look()
    yield
    # After the change is through: it takes a while, and nobody waits for a lock.
    after = look()
    changed = [name for name in after if after[name] != before.get(name)]
    for name in changed[:_TOLD]:
        messages.warning(request, f"“{name}” now comes out as {after[name]}; {_was(before, name)}.")
    if len(changed) > _TOLD:
        messages.warning(request, f"{len(changed) - _TOLD} more scenarios come out otherwise.")


def _was(before: Mapping[str, str], name: str) -> str:
    return f"it was {before[name]}" if name in before else "it is new"
