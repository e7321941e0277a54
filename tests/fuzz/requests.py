# ruff: noqa: SIM905 - a list of words reads best as a text
"""Make requests up: any route, any method, keys and values that fit, nearly fit, or do not."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote, urlencode

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = [
    *["GET"] * 12,
    *["HEAD"] * 2,
    *["POST"] * 6,
    *"PUT PATCH DELETE OPTIONS TRACE BREW".split(),
]
SLUGS = ("gpt-oss-120b", "gpt-4o", "hybrid", "edge-offline", "volume", "stage", "scope", "together")
KEYS = (
    *("stage boundary scope connection rules task modality volume size traffic team".split()),
    *("training audience deadline priority tokens_in tokens_out then was next at option".split()),
    *("tier closed open gpu bits retry cached batch efficiency salary peak growth".split()),
    *("hard_share reasoning setup fte infra gpu_hourly price_in price_out model params_b".split()),
    *("q openness rights status modality tools context_min hosts_min params_max".split()),
    *("input_max provider sort after page_size m differences promise".split()),
    *("o p e all _popup _to_field _changelist_filters action _selected_action".split()),
    *("select_across index name slug id_0 form-TOTAL_FORMS csrfmiddlewaretoken".split()),
)
VALUES = (
    *("own-cloud any-vendor contract part all always never gdpr hipaa expert simple".split()),
    *("unsure custom text images 1 0 -1 100000 1.5M 250k 1e9 1e999 nan inf 0.5 2026-12-01".split()),
    *("h100 gpt-oss-120b yes no free current open-weight name -input 128k publish on".split()),
    *("stage,result volume __proto__ ../../etc/passwd %00 None null true [] {} =1+1".split()),
    *("<script>alert(1)</script>", "' OR 1=1 --", "\x00", "\r\nSet-Cookie: a=b", "ä€😀", "", " "),
    *("9" * 400, "a" * 3_000, "١٢٣", "\ud7ff", "１００", "9999-99-99", "0001-01-01", "9999-12-31"),
)
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {},
    {"hx-request": "true"},
    {"hx-request": "true", "hx-boosted": "true"},
    {"hx-request": "true", "hx-history-restore-request": "true"},
    {"hx-request": "true", "hx-current-url": "http://[", "hx-target": "step"},
    {"if-none-match": '"1"', "if-modified-since": "yesterday"},
    {"if-none-match": "*", "range": "bytes=0-10"},
    {"accept-encoding": "gzip;q=x, br"},
    {"cookie": "sessionid=a; csrftoken=b"},
    {"x-forwarded-for": "not an address", "x-request-id": "\t"},
    {"accept": "application/json", "content-language": "xx"},
)
TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "text/plain; charset=nothing",
    "",
)
FILES = (
    b"",
    b"a=b&c=d",
    b"\xff\xfe\x00",
    b"model,requests,input_tokens\ngpt-4o,1,2\n",
    b'--x\r\nContent-Disposition: form-data; name="usage"; filename="u.csv"\r\n\r\nmodel,input\n'
    b"a,1\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="u.xlsx"\r\n\r\nPK\x03\x04'
    b"\r\n--x--\r\n",
    b"--x\r\n",
    b"{",
)


@dataclass(frozen=True)
class Request:
    """One request, and whether an editor sends it."""

    method: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = ""
    body: bytes = b""
    is_editor: bool = False


def requests(seed: int, count: int) -> Iterator[Request]:
    """Yield so many requests, always the same ones for a seed."""
    generator = random.Random(seed)
    for _ in range(count):
        yield _request(generator)


def _request(generator: random.Random) -> Request:
    # Of each three one goes to the editors' side, which has ten times as many routes.
    is_admin = generator.random() < 1 / 3
    route = generator.choice(routes(is_admin))
    path = re.sub(r"<([^>]*)>", lambda place: _place(place[1], generator), route)
    pairs = _pairs(generator)
    address = quote(path, safe="/%") + (f"?{urlencode(pairs)}" if pairs else "")
    if generator.random() < 0.02:
        address += "&%ff=%zz&&=&a[]=;"
    method = generator.choice(METHODS)
    form = urlencode(_pairs(generator)).encode()
    return Request(
        method=method,
        address=address,
        headers=generator.choice(HEADERS),
        content_type=generator.choice(TYPES),
        body=generator.choice((form, *FILES)) if method not in ("GET", "HEAD", "TRACE") else b"",
        is_editor=is_admin and generator.random() < 0.8,
    )


def _place(kind: str, generator: random.Random) -> str:
    if kind.startswith("int:") or generator.random() < 0.4:
        return str(generator.choice((1, 2, 3, 17, 0, 10**12, 10**30)))
    if kind.startswith("slug:") or generator.random() < 0.7:
        return generator.choice(SLUGS)
    return generator.choice(VALUES)[:200]


def _pairs(generator: random.Random) -> list[tuple[str, str]]:
    count = generator.choice((0, 0, 1, 2, 3, 5, 8))
    return [(generator.choice(KEYS), generator.choice(VALUES)) for _ in range(count)]


@cache
def routes(is_admin: bool) -> tuple[str, ...]:
    """Return the routes of the editors' side, or all others and some that are not there."""
    known = sorted(set(_routes(get_resolver())))
    chosen = [route for route in known if route.startswith("/admin/") == is_admin]
    return (*chosen, "/admin/<path:any>" if is_admin else "/<path:any>")


def _routes(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        # Of what a regular expression allows, take the first.
        here = re.sub(r"\(\?P<\w+>([\w.]+)[^)]*\)", r"\1", str(entry.pattern).strip("^$"))
        here = before + here.replace(".*", "<path:rest>")
        if isinstance(entry, URLResolver):
            yield from _routes(entry, here)
        elif isinstance(entry, URLPattern):
            yield here
