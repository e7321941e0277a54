"""Everything that a page may not do, noted while a test looks at something else."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# A page that says what was not found, and a form that says what is wrong, are no failures; the
# browser writes an error to the console for both.
ANSWERED = (400, 404, 422)


class Watch:
    """Notes console errors, CSP reports, script errors, foreign requests and cookies."""

    def __init__(self, context: BrowserContext, url: str, *, cookies: bool) -> None:
        """Watch all pages of `context`, which belong to the site at `url`."""
        self.problems: list[str] = []
        self._context = context
        self._url = url
        self._cookies = cookies
        self._answered: set[str] = set()
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)

    def settle(self) -> list[str]:
        """Return all that went wrong, cookies included."""
        # Asking for the cookies also lets everything arrive that is still on its way.
        cookies = [] if self._cookies else self._context.cookies()
        return self.problems + [f"cookie: {cookie.get('name')}" for cookie in cookies]

    def close(self) -> None:
        """Close all pages that were watched."""
        self._context.close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        url = str(message.location.get("url", ""))
        if "Failed to load resource" in message.text and url in self._answered:
            return
        self.problems.append(f"console: {message.text} ({url})")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self._url}/", "data:", "blob:", "about:")):
            self.problems.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"status {response.status}: {response.url}")
        elif response.status in ANSWERED and response.request.resource_type in {"document", "xhr"}:
            self._answered.add(response.url)
