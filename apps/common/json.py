"""Answers for programs, which the pages of any site may read."""

import math
from collections.abc import Mapping

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

type Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None


def json_response(
    document: Mapping[str, object], status: int = 200, *, for_people: bool = True
) -> HttpResponse:
    """Return a document, by default written so that a person can read it, too."""
    options = {"indent": 1, "ensure_ascii": False} if for_people else {}
    return open_to_all(JsonResponse(document, status=status, json_dumps_params=options))


def open_to_all[R: HttpResponseBase](response: R) -> R:
    """Let the pages of any site read a response: nobody is signed in to what it says."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


def finite(value: float | None) -> float | None:
    """Return a number, or None where it is unknown: JSON has no NaN."""
    return value if value is not None and math.isfinite(value) else None
