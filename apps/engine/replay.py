"""The site with another version of the rules, below /rules/<version>/: a draft is for editors.

The whole site runs below that prefix as it does at the root, so that every link keeps the version.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix

from apps.decision.scoring import Tables
from apps.money.cache import Latest
from apps.rules.compile import compiled
from apps.rules.models import Rulebook, Status

_PATH = re.compile(r"/rules/([1-9]\d{0,8})(/.*)", re.ASCII)
_MOST_BYTES = 12_000_000
# Of each version that is replayed, as its rows are now.
_tables: Latest[int, Tables] = Latest(_MOST_BYTES)
_ATTRIBUTE = "_replayed"


@dataclass(frozen=True, slots=True)
class Replayed:
    """The version that a request is answered with, and where the present one answers it."""

    version: int
    is_draft: bool
    is_published: bool
    published_on: date | None
    tables: Tables
    present_url: str


def replayed(request: HttpRequest) -> Replayed | None:
    """Return the version that a request asks for; None where it takes the published one."""
    found: Replayed | None = vars(request).get(_ATTRIBUTE)
    return found


class ReplayMiddleware:
    """Answers what is below /rules/<version>/ with the rules of that version."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request below its prefix, or as it is."""
        match = _PATH.fullmatch(request.path_info)
        if match is None:
            return self.get_response(request)
        _static_url(staticfiles_storage)
        root = get_script_prefix()
        row = Rulebook.objects.filter(version=match[1]).first()
        if row is None or (row.status == Status.DRAFT and not _may_see_drafts(request)):
            # As it is, it leads to no page.
            return self.get_response(request)
        vars(request)[_ATTRIBUTE] = _of(row, request, root, match[2])
        request.path_info = match[2]
        set_script_prefix(f"{root}rules/{row.version}/")
        try:
            response = self.get_response(request)
        finally:
            set_script_prefix(root)
        if row.status == Status.DRAFT:
            response["Cache-Control"] = "private, no-store"
        return response


def _static_url(storage: Any) -> str:
    """Return where static files are: fixed when first asked for, which must be below no prefix."""
    return str(storage.base_url)


def _may_see_drafts(request: HttpRequest) -> bool:
    return admin.site.has_permission(request) and request.user.has_perm("rules.view_rulebook")


def _of(row: Rulebook, request: HttpRequest, root: str, path: str) -> Replayed:
    query = request.META.get("QUERY_STRING", "")
    return Replayed(
        version=row.version,
        is_draft=row.status == Status.DRAFT,
        is_published=row.status == Status.PUBLISHED,
        published_on=row.published_on,
        tables=_tables_of(row),
        present_url=f"{root.rstrip('/')}{path}{'?' if query else ''}{query}",
    )


def _tables_of(row: Rulebook) -> Tables:
    if row.status != Status.DRAFT:
        return _tables.get(row.version, row.token, lambda: _compiled(row))
    # What belongs to a draft changes without a new token.
    tables = _compiled(row)
    digest = hashlib.sha256(repr(tables.rulebook).encode()).hexdigest()
    return _tables.get(row.version, digest, lambda: tables, may_be_old=False)


def _compiled(row: Rulebook) -> Tables:
    return Tables(compiled(row))
