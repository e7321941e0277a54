"""Tags of public pages: who has the page of the same rules, rows, day and code is told so.

The tag is known from the address and from one query, before anything is computed or rendered.
"""

from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

from django import get_version
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from apps.common.htmx import VARY, wants_part
from apps.common.methods import READING
from apps.common.today import today
from apps.engine.replay import replayed
from apps.engine.request import versions_of
from apps.money.cache import old_served

# For a minute nobody asks again; for ten more the old page is shown while the new one is fetched.
CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600"
# Who is signed in may have edited what is shown.
FOR_EDITORS = "private, no-cache"
# What the pages of a version of the code are made of, beside the packages in the lock file.
_SOURCES = (
    "apps/**/*.py",
    "config/*.py",
    "templates/**/*.html",
    "static/**/*.*",
    "requirements/app.txt",
)


class ConditionalMiddleware:
    """Answers 304 where nothing changed, and tags what is answered in full."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, and tag the answer."""
        old_served.set(False)
        response = self.get_response(request)
        tag: str | None = vars(request).get("_tag")
        # A page of the version before, shown while the new one is made, is no page of this tag.
        if tag and response.status_code == 200 and not old_served.get():
            response["ETag"] = tag
            response["Cache-Control"] = _cache_control(request)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Answer at once who has the page already."""
        if request.method not in READING or not _may_be_kept(request, view):
            return None
        other = replayed(request)
        if other is not None and other.is_draft:
            # It changes with every save.
            return None
        tag = vars(request)["_tag"] = _tag(request)
        response = get_conditional_response(request, etag=tag)
        if response is None:
            return None
        response["ETag"] = tag
        patch_vary_headers(response, VARY)
        response["Cache-Control"] = _cache_control(request)
        return response


def _may_be_kept(request: HttpRequest, view: object) -> bool:
    other = replayed(request)
    # What a developer or an editor is working on changes without another version.
    is_work = settings.DEBUG or (other is not None and other.is_draft)
    return getattr(view, "is_public", False) and not is_work


def _tag(request: HttpRequest) -> str:
    parts = (code_version(), today(), versions_of(request), wants_part(request))
    told = (request.get_full_path(), settings.CONTACT, settings.STALE_AFTER_DAYS)
    return f'"{blake2b(repr((parts, told)).encode(), digest_size=16).hexdigest()}"'


def _cache_control(request: HttpRequest) -> str:
    return FOR_EDITORS if settings.SESSION_COOKIE_NAME in request.COOKIES else CACHE_CONTROL


@cache
def code_version() -> str:
    """Return what names the code of this process, the same on every host that runs it."""
    found = blake2b(get_version().encode(), digest_size=16)
    for path in _sources(Path(settings.BASE_DIR)):
        found.update(path.read_bytes())
    return found.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for pattern in _SOURCES:
        yield from sorted(path for path in root.glob(pattern) if path.is_file())
