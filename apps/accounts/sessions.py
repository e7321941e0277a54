"""How long an editor stays signed in."""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# How old the time of the last request may be before it is written anew.
_STEP_SECONDS = 60
_SINCE, _SEEN = "signed_in_at", "seen_at"

type Answer = Callable[[HttpRequest], HttpResponseBase]


def begin(request: HttpRequest, **_: object) -> None:
    """Keep when somebody signed in."""
    request.session[_SINCE] = request.session[_SEEN] = time()


def limited_sessions(get_response: Answer) -> Answer:
    """Sign out who did nothing for too long, or signed in too long ago."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # Public pages ask for no session: they are the same for all.
        if request.path.startswith(f"/{settings.ADMIN_PATH}") and request.user.is_authenticated:
            session, now = request.session, time()
            idle = now - session.get(_SEEN, 0)
            if idle > settings.SESSION_IDLE_SECONDS or _is_old(session.get(_SINCE, 0), now):
                logout(request)
            elif idle > _STEP_SECONDS:
                session[_SEEN] = now
        return get_response(request)

    return middleware


def _is_old(since: float, now: float) -> bool:
    # The age of the cookie counts from the last time that the session was written.
    return now - since > settings.SESSION_COOKIE_AGE
