"""Send made-up requests and look at what comes back."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import process_time

from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils.http import parse_header_parameters

from tests.closing import closed
from tests.fuzz.requests import Request, requests


@dataclass(frozen=True)
class Failure:
    """What was asked, and what is wrong with the answer."""

    status: int
    problem: str
    request: Request


class Visitor:
    """Asks as anybody and as an editor; nothing that is written is kept."""

    def __init__(self, editor: User) -> None:
        """Take the account that the editor's requests are sent with."""
        self.seconds: list[tuple[float, Request]] = []
        self._editor = editor

    def failures(self, seed: int, count: int) -> Iterator[Failure]:
        """Yield the requests that the site answered wrongly."""
        for request in requests(seed, count):
            start = process_time()
            found = self._ask(request)
            self.seconds.append((process_time() - start, request))
            if found is not None:
                yield found

    def _ask(self, request: Request) -> Failure | None:
        client = Client(raise_request_exception=False)
        # What is deleted by one request is there for the next one.
        with transaction.atomic():
            if request.is_editor:
                client.force_login(self._editor)
            response = client.generic(
                request.method,
                request.address,
                request.body,
                content_type=request.content_type,
                headers=request.headers,
            )
            with closed(response):
                content = b"".join(response)
            transaction.set_rollback(True)
        problem = _problem(response.status_code, response.headers, content)
        return Failure(response.status_code, problem, request) if problem else None


def _problem(status: int, headers: object, content: bytes) -> str:
    if status >= 500:
        return "the site failed"
    names = {str(name).lower(): str(value) for name, value in dict(headers).items()}  # type: ignore[call-overload]
    if "content-security-policy" not in names:
        return "no policy"
    kind, _ = parse_header_parameters(names.get("content-type", ""))
    if kind == "text/html" and b"<script>alert(1)" in content:
        return "what was sent is run"
    return ""
