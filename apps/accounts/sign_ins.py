"""Who signed in, out, or could not, as the log has it; and the answer to too many tries."""

import logging
from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_otp.forms import otp_verification_failed

from apps.accounts import sessions
from apps.common import metrics
from apps.common.client import address_of

log = logging.getLogger("openweigh.security")


def listen() -> None:
    """Have every sign-in and every refusal written to the log."""
    user_logged_in.connect(sessions.begin)
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_refused)
    otp_verification_failed.connect(_code_refused)
    user_locked_out.connect(_locked_out)


def too_many_tries(request: HttpRequest, credentials: object = None) -> HttpResponse:
    """Ask somebody whose sign-in failed too often to come back later."""
    wait = settings.AXES_COOLOFF_TIME
    minutes = int(wait.total_seconds() // 60)
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response


def _signed_in(request: HttpRequest, user: AbstractBaseUser, **_: object) -> None:
    _write(logging.INFO, "signed in", request, user.get_username())


def _signed_out(request: HttpRequest, user: AbstractBaseUser | None, **_: object) -> None:
    _write(logging.INFO, "signed out", request, user.get_username() if user else "")


def _refused(request: HttpRequest | None, credentials: dict[str, Any], **_: object) -> None:
    metrics.count_refused_sign_in()
    _write(logging.WARNING, "sign-in refused", request, _known(credentials.get("username")))


def _code_refused(user: AbstractBaseUser, **_: object) -> None:
    _write(logging.WARNING, "code refused", None, user.get_username())


def _locked_out(request: HttpRequest, username: str, **_: object) -> None:
    _write(logging.WARNING, "sign-in locked", request, _known(username))


def _known(name: object) -> str:
    """Return a name of an account; what else was typed may be a password in the wrong field."""
    accounts = get_user_model().objects.filter(**{get_user_model().USERNAME_FIELD: name})
    return str(name) if name and accounts.exists() else ""


def _write(level: int, what: str, request: HttpRequest | None, account: str) -> None:
    address = address_of(request) if request else ""
    log.log(level, what, extra={"account": account or "unknown", "address": address})
