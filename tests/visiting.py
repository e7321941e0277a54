"""Ways through the wizard, and what a page says to somebody without scripts."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

from tests.method import CHOICES, SEVERAL

type Query = Mapping[str, str | list[str]]
type Attributes = dict[str, str | None]

# One whole way: every question that is asked has an answer.
WHOLE: dict[str, str | list[str]] = {
    "stage": "scaling",
    "boundary": "strict-contract",
    "terms": ["eu-region"],
    "scope": "part",
    "connection": "always",
    "rules": ["gdpr", "hipaa"],
    "task": "documents",
    "modality": "text",
    "volume": "200000",
    "size": "chat",
    "traffic": "office",
    "team": "devops",
    "training": "light",
    "audience": "public",
    "deadline": "quarter",
    "priority": "cost",
}
# The questions that the whole way does not ask, with a way that asks them.
ELSEWHERE: dict[str, dict[str, str | list[str]]] = {
    "cloud": {"boundary": "cloud-service", "cloud": ["aws"]},
    "hardware": {"connection": "outages", "hardware": "gpu-server"},
}
UNSURE: dict[str, str | list[str]] = dict.fromkeys(CHOICES, "unsure")
# Each choice of a question in the order of the page; the number has none.
KEYS = {question: keys.split() for question, keys in CHOICES.items()}
SIZES = {"tokens_in": "1200", "tokens_out": "300"}
RESULT = "/decide/result/"
STANDING = "/decide/standing/"
JSON = "/decide/result.json"
VOID = {"br", "hr", "img", "input", "link", "meta"}


def url(path: str, answers: Query | None = None, **more: str | list[str]) -> str:
    """Return an address with answers in its query."""
    query = urlencode({**(answers or {}), **more}, doseq=True)
    return f"{path}?{query}" if query else path


def question(key: str, answers: Query | None = None, **more: str | list[str]) -> str:
    """Return the address of a question."""
    return url(f"/decide/{key}/", answers, **more)


def without(answers: Query, *keys: str) -> dict[str, str | list[str]]:
    """Return the answers without some."""
    return {key: value for key, value in answers.items() if key not in keys}


# The states that a recommendation can be in, each with how its sentence begins and ends.
STATES: dict[str, tuple[Query, str, str]] = {
    "clear": ({**WHOLE, "training": "prompts", "priority": "privacy"}, "Hybrid", "clearly"),
    "close": ({**WHOLE, "volume": "60000"}, "", "but too close to call"),
    "split": (without(WHOLE, "boundary", "terms", "scope"), "It depends on", "the data boundary"),
    "unsure": (UNSURE, "It depends on", "the data boundary and the connection"),
    "open": (without({**WHOLE, "team": "nobody"}, "volume", "audience"), "Closed API", "likely"),
    "none": (
        {
            "stage": "first-production",
            "boundary": "strict-contract",
            "terms": ["eu-region"],
            "scope": "part",
            "connection": "always",
            "task": "mixed",
            "size": "chat",
            "team": "devops",
        },
        "No recommendation yet",
        "",
    ),
    "only one": (
        {**WHOLE, "connection": "never", "hardware": "gpu-server"},
        "Open: on your own",
        "the only option left",
    ),
}


def way(**changes: str | list[str]) -> dict[str, str | list[str]]:
    """Return the whole way with changes, in the order of the questions."""
    given = {**WHOLE, **changes}
    if given["boundary"] != "strict-contract" and "terms" not in changes:
        del given["terms"]
    return {key: given[key] for key in CHOICES if key in given}


def way_to(key: str) -> dict[str, str | list[str]]:
    """Return a way that asks a question: the whole one where it does."""
    return way(**ELSEWHERE.get(key, {}))


def before(key: str) -> dict[str, str | list[str]]:
    """Return the way up to a question, so that its page is the next one."""
    answers = way_to(key)
    place = list(answers).index(key)
    return dict(list(answers.items())[:place])


def parts(address: str) -> tuple[str, dict[str, list[str]]]:
    """Return the path and the query of an address."""
    split = urlsplit(address)
    return split.path, parse_qs(split.query, keep_blank_values=True)


def draw(seed: int) -> dict[str, str | list[str]]:
    """Return random answers: some missing, some unsure, numbers of any size, always the same."""
    dice = random.Random(seed)
    found: dict[str, str | list[str]] = {}
    for key, keys in KEYS.items():
        if dice.random() < 0.1:
            continue
        if dice.random() < 0.1:
            found[key] = "unsure"
        elif key == "volume":
            found[key] = str(round(10 ** dice.uniform(0, 9)))
        elif key in SEVERAL:
            several = [word for word in keys if word != "none"]
            found[key] = dice.sample(several, dice.randint(1, len(several)))
        else:
            found[key] = dice.choice(keys)
    if found.get("size") == "custom":
        found |= {name: str(round(10 ** dice.uniform(0, 6))) for name in SIZES}
    return found


@dataclass
class Tag:
    """One element: its name, attributes and the text in it."""

    name: str
    attributes: Attributes
    texts: list[str] = field(default_factory=list)
    tags: list["Tag"] = field(default_factory=list)

    def inside(self, element: str) -> list["Tag"]:
        """Return such elements within this one."""
        return [tag for tag in self.tags if tag.name == element]

    def __getitem__(self, name: str) -> str:
        """Return an attribute, empty where there is none."""
        return self.attributes.get(name) or ""

    @property
    def text(self) -> str:
        """The text with single spaces."""
        return " ".join("".join(self.texts).split())


class Shown(HTMLParser):
    """The elements of a page in their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self._open: list[Tag] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; the titles within a picture are not the page's."""
        if tag == "title" and any(open_.name == "svg" for open_ in self._open):
            tag = "svg:title"
        found = Tag(tag, dict(attrs))
        self.tags.append(found)
        for outer in self._open:
            outer.tags.append(found)
        if tag not in VOID:
            self._open.append(found)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        while self._open and self._open.pop().name.removeprefix("svg:") != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Give a text to every element that it stands in."""
        for tag in self._open:
            tag.texts.append(data)

    def all(self, element: str, /, **attributes: str) -> list[Tag]:
        """Return all such elements with these attributes; `class_` asks for one class."""
        return [tag for tag in self.tags if tag.name == element and _has(tag, attributes)]

    def one(self, element: str, /, **attributes: str) -> Tag:
        """Return the only such element."""
        found = self.all(element, **attributes)
        assert len(found) == 1, f"{len(found)} of {element} {attributes}"
        return found[0]

    def link(self, text: str) -> str:
        """Return where the first link with this text leads."""
        return next(tag["href"] for tag in self.all("a") if tag.text == text)

    def by_id(self, name: str) -> Tag:
        """Return the only element with an id."""
        found = [tag for tag in self.tags if tag["id"] == name]
        assert len(found) == 1, f"{len(found)} of #{name}"
        return found[0]

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.one("title").text

    @property
    def heading(self) -> str:
        """The only main heading."""
        return self.one("h1").text

    @property
    def text(self) -> str:
        """All that the main part says."""
        return self.one("main").text

    @property
    def sections(self) -> list[str]:
        """The headings of the second level, in order."""
        return [tag.text for tag in self.all("h2")]


def _has(tag: Tag, attributes: Mapping[str, str]) -> bool:
    return all(
        value in tag["class"].split() if name == "class_" else tag[name] == value
        for name, value in attributes.items()
    )


def shown(client: Client, address: str, status: int = 200) -> Shown:
    """Return the page at an address."""
    response = client.get(address)
    assert response.status_code == status, address
    return Shown(response.content.decode())


def leads_to(client: Client, address: str) -> str:
    """Return where an address redirects to."""
    response = client.get(address)
    assert response.status_code == 302, address
    return response["Location"]


def document(client: Client, answers: Query | Iterable[tuple[str, str]]) -> Any:
    """Return the recommendation for programs."""
    pairs = answers if isinstance(answers, Mapping) else list(answers)
    response = client.get(f"{JSON}?{urlencode(pairs, doseq=True)}")
    assert response.status_code == 200
    return response.json()


def walk(client: Client, answers: Query, start: str = "/decide/stage/") -> list[str]:
    """Answer each question that comes, and return the keys of all that came, and the last URL."""
    seen: list[str] = []
    address = start
    while not address.startswith(RESULT):
        page = shown(client, address)
        form = next(tag for tag in page.all("form"))
        key = parts(address)[0].split("/")[2]
        assert key not in seen, f"{key} comes twice"
        seen.append(key)
        kept = [(tag["name"], tag["value"]) for tag in page.all("input", type="hidden")]
        given = answers[key]
        kept += [(key, value) for value in ([given] if isinstance(given, str) else given)]
        if given == "custom":
            kept += SIZES.items()
        address = leads_to(client, f"{form['action']}?{urlencode(kept)}")
    return [*seen, address]
