"""A newer snapshot of the index: read strictly, proposed whole, applied by an editor alone."""

import hashlib
import http.client
import io
import urllib.request
from datetime import date
from email.message import Message
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.catalog.models import IndexScore, Source
from apps.prices.models import SourceCopy
from apps.scores import proposing
from apps.scores.models import SnapshotProposal
from tests import factories

pytestmark = pytest.mark.django_db

HEADER = (
    "Model,Display name,eci,eci_ci_low,eci_ci_high,date,Organization,"
    "Country (of organization),Model accessibility,Accessibility group,model_versions"
)
GPT_5 = "GPT-5,GPT-5,150,,,2025-08-07,OpenAI,US,API access,Closed weights,"
KIMI = 'Kimi K3,Kimi K3,158.2,155,161.5,2026-07-16,"Moonshot, Tsinghua",China,Open,Open weights,'
OTHER = "Odd,Odd,140,139,141,,Lab,,Other,Other,"
DAY = "2026-11-20"
QUEUE = reverse("admin:scores_snapshotproposal_changelist")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2026, 11, 23)
    monkeypatch.setattr("apps.scores.management.commands.refresh_scores.today", lambda: day)


def write(folder: Path, *lines: str, header: str = HEADER) -> Path:
    file = folder / "eci_scores.csv"
    file.write_text("\n".join((header, *lines)) + "\n", "utf-8")
    return file


def refresh(file: Path, *options: str) -> str:
    out = StringIO()
    call_command("refresh_scores", "--source", str(file), "--snapshot", DAY, *options, stdout=out)
    return out.getvalue()


def held(**scores: float) -> None:
    """Hold a snapshot of 1 October with these scores."""
    for name, eci in scores.items():
        factories.IndexScoreFactory.create(
            name=name.replace("_", " "), eci=eci, ci_low=None, ci_high=None
        )


def everything() -> list[Any]:
    tables = (IndexScore, Source, SnapshotProposal, SourceCopy)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


def test_a_newer_snapshot_waits_and_changes_no_score(tmp_path: Path) -> None:
    held(Kimi_K3=157.6)
    factories.CapabilityFactory.create(model__name="Kimi K3", index_name="Kimi K3")
    before = list(IndexScore.objects.values())
    said = refresh(write(tmp_path, GPT_5, KIMI, OTHER))
    assert "3 models waits for an editor; 2 are new, 0 gone, 1 scores of catalog" in said
    assert list(IndexScore.objects.values()) == before
    proposal = SnapshotProposal.objects.get()
    assert (proposal.snapshot, proposal.state) == (date(2026, 11, 20), "waiting")
    assert proposing.difference(proposal.lines).moved == (("Kimi K3", 157.6, 158.2),)


def test_every_column_is_read(tmp_path: Path) -> None:
    refresh(write(tmp_path, GPT_5, KIMI, OTHER))
    gpt, kimi, other = SnapshotProposal.objects.get().lines
    assert kimi == {
        "name": "Kimi K3",
        "eci": 158.2,
        "ci_low": 155.0,
        "ci_high": 161.5,
        "release_date": "2026-07-16",
        "organisation": "Moonshot, Tsinghua",
        "weights": "open",
    }
    assert (gpt["weights"], gpt["ci_low"]) == ("closed", None)
    # What the file does not say is unknown.
    assert (other["weights"], other["release_date"]) == ("unknown", None)


def test_a_snapshot_is_accepted_whole_beside_the_earlier_ones(
    tmp_path: Path, admin_client: Client, admin_user: User
) -> None:
    held(Kimi_K3=157.6)
    refresh(write(tmp_path, GPT_5, KIMI))
    proposal = SnapshotProposal.objects.get()
    page = admin_client.get(reverse("admin:scores_snapshotproposal_change", args=[proposal.pk]))
    assert "New in the index: GPT-5" in page.content.decode()
    admin_client.post(page.request["PATH_INFO"], {"_accept": "Accept"})
    scores = IndexScore.objects.of_latest_snapshot()
    assert {(s.name, s.eci, s.snapshot) for s in scores} == {
        ("GPT-5", 150.0, date(2026, 11, 20)),
        ("Kimi K3", 158.2, date(2026, 11, 20)),
    }
    assert {s.source.title for s in scores} == {
        "Epoch AI: Epoch Capabilities Index, snapshot 2026-11-20"
    }
    assert IndexScore.objects.count() == 3
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("accepted", admin_user)


def test_a_refused_snapshot_does_not_come_back(tmp_path: Path, admin_client: Client) -> None:
    file = write(tmp_path, GPT_5, KIMI)
    refresh(file)
    proposal = SnapshotProposal.objects.get()
    url = reverse("admin:scores_snapshotproposal_change", args=[proposal.pk])
    admin_client.post(url, {"_refuse": "Refuse"})
    assert refresh(file).endswith("nothing new.\n")
    assert not IndexScore.objects.exists()
    assert [p.state for p in SnapshotProposal.objects.all()] == ["refused"]


def test_a_later_snapshot_replaces_the_one_that_waits(tmp_path: Path) -> None:
    refresh(write(tmp_path, GPT_5))
    refresh(write(tmp_path, GPT_5, KIMI))
    assert sorted(p.state for p in SnapshotProposal.objects.all()) == ["replaced", "waiting"]


def test_the_second_run_and_what_the_catalog_holds_are_nothing_new(tmp_path: Path) -> None:
    file = write(tmp_path, GPT_5, KIMI)
    refresh(file)
    before = everything()
    assert "nothing new" in refresh(file)
    assert everything() == before
    proposing.accept(SnapshotProposal.objects.get(), None, timezone.now())
    assert "nothing new" in refresh(file)


def test_it_cannot_be_accepted_twice_nor_over_a_newer_one(tmp_path: Path) -> None:
    refresh(write(tmp_path, GPT_5))
    proposal = SnapshotProposal.objects.get()
    factories.IndexScoreFactory.create(snapshot=date(2026, 11, 21))
    now = timezone.now()
    assert "a newer one" in proposing.accept(proposal, None, now)
    assert proposing.refuse(proposal, None, now) == ""
    assert proposing.accept(proposal, None, now) == "It was decided on before."


def test_the_last_good_copy_is_kept_with_its_hash(tmp_path: Path) -> None:
    file = write(tmp_path, GPT_5, KIMI)
    refresh(file)
    copy = SourceCopy.objects.get(name="eci-scores")
    assert copy.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (copy.entries, copy.read_on) == (2, date(2026, 11, 23))


def test_models_whose_line_is_gone_are_named(tmp_path: Path, admin_client: Client) -> None:
    held(Kimi_K3=157.6, Lost=150)
    factories.CapabilityFactory.create(model__name="A model", index_name="Lost")
    refresh(write(tmp_path, GPT_5, KIMI))
    proposal = SnapshotProposal.objects.get()
    page = admin_client.get(reverse("admin:scores_snapshotproposal_change", args=[proposal.pk]))
    text = page.content.decode()
    assert "A model would have no score: its line is gone." in text
    assert "Gone from the index: Lost" in text


def test_who_may_not_add_scores_may_not_decide(tmp_path: Path, client: Client) -> None:
    refresh(write(tmp_path, GPT_5))
    user = User.objects.create_user("reader", is_staff=True)
    for name in ("view_snapshotproposal", "change_snapshotproposal"):
        user.user_permissions.add(Permission.objects.get(codename=name))
    client.force_login(user)
    proposal = SnapshotProposal.objects.get()
    client.post(
        reverse("admin:scores_snapshotproposal_change", args=[proposal.pk]), {"_accept": "Accept"}
    )
    assert not IndexScore.objects.exists()


BAD: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "Line 1: the source lacks the columns Model"),
    ("a page", b"<!doctype html><p>Down</p>", "Line 1: the source lacks the columns"),
    ("a header alone", HEADER.encode(), "The source holds no scores"),
    ("another table", b"name,score\nA,1\n", "lacks the columns Model, eci"),
    ("no text", b"\xff\xfe\x00", "The source is not text"),
    ("a zero byte", f"{HEADER}\nA\0,".encode(), "zero byte"),
    ("half a line", f"{HEADER}\n{GPT_5}\nKimi K3,Kimi K3,158".encode(), "Line 3 has too many or"),
    ("an open quote", f'{HEADER}\n{GPT_5}\n"Kimi'.encode(), "Line 3: the source is not a whole"),
    ("a column twice", f"{HEADER},eci\n{GPT_5},1".encode(), "Line 1: the columns eci stand twice"),
]


@pytest.mark.parametrize(("content", "reason"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_broken_file_changes_nothing(tmp_path: Path, content: bytes, reason: str) -> None:
    held(Kimi_K3=157.6)
    file = tmp_path / "eci_scores.csv"
    file.write_bytes(content)
    before = everything()
    with pytest.raises(CommandError, match="Nothing was changed") as raised:
        refresh(file)
    assert reason in str(raised.value)
    assert everything() == before


LINES: list[tuple[str, str, str]] = [
    ("no name", ",X,150,,,2025-08-07,Lab,,,,", "Line 3: '' is no name"),
    ("no score", "X,X,,,,2025-08-07,Lab,,,,", "Line 3: X has no score"),
    ("words", "X,X,high,,,2025-08-07,Lab,,,,", "Line 3: 'high' is no score"),
    ("not a number", "X,X,nan,,,2025-08-07,Lab,,,,", "Line 3: 'nan' is no score"),
    ("two meanings", 'X,X,"150,2",,,2025-08-07,Lab,,,,', "Line 3: '150,2' is no score"),
    ("absurd", "X,X,999,,,2025-08-07,Lab,,,,", "Line 3: the score 999 is absurd"),
    ("below 0", "X,X,-3,,,2025-08-07,Lab,,,,", "Line 3: the score -3 is absurd"),
    ("half an interval", "X,X,150,149,,2025-08-07,Lab,,,,", "Line 3: half of the interval of X"),
    ("outside", "X,X,150,151,152,2025-08-07,Lab,,,,", "Line 3: the score 150 of X is outside"),
    ("no date", "X,X,150,,,7 August,Lab,,,,", "Line 3: '7 August' is no date"),
    ("no such day", "X,X,150,,,2025-02-30,Lab,,,,", "Line 3: '2025-02-30' is no date"),
    ("a later day", "X,X,150,,,2026-11-21,Lab,,,,", "Line 3: 2026-11-21 is after the snapshot"),
    ("twice", GPT_5, "Line 3: 'GPT-5' stands twice"),
]


@pytest.mark.parametrize(("line", "reason"), [b[1:] for b in LINES], ids=[b[0] for b in LINES])
def test_a_bad_line_is_named_and_changes_nothing(tmp_path: Path, line: str, reason: str) -> None:
    held(GPT_5=150)
    before = everything()
    with pytest.raises(CommandError) as raised:
        refresh(write(tmp_path, GPT_5, line))
    assert reason in str(raised.value)
    assert everything() == before


def test_scores_on_another_scale_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="GPT-5 is at 15 instead of 150"):
        refresh(write(tmp_path, GPT_5.replace(",150,", ",15,")))
    held(Kimi_K3=140)
    with pytest.raises(CommandError, match="more than 5 points"):
        refresh(write(tmp_path, KIMI))


def test_half_of_a_snapshot_is_refused(tmp_path: Path) -> None:
    held(**{f"Model_{n}": 150.0 for n in range(9)}, Kimi_K3=157.6)
    with pytest.raises(CommandError, match="2 scores, far fewer than the 10"):
        refresh(write(tmp_path, GPT_5, KIMI))


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-09-30", "The catalog holds a newer snapshot, of 2026-10-01"),
        ("2026-10-01", "The catalog holds other scores of 2026-10-01"),
        ("2026-11-24", "still to come"),
    ],
)
def test_a_snapshot_of_the_wrong_day_is_refused(tmp_path: Path, day: str, reason: str) -> None:
    held(Kimi_K3=157.6)
    with pytest.raises(CommandError, match=reason):
        refresh(write(tmp_path, KIMI), "--snapshot", day)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"missing.csv cannot be read"):
        refresh(tmp_path / "missing.csv")


class Answer(io.BytesIO):
    """What a server sends."""

    def __init__(self, content: bytes, changed: str = "", length: int | None = None) -> None:
        super().__init__(content)
        self.headers = Message()
        if length is not None:
            self.headers["Content-Length"] = str(length)
        if changed:
            self.headers["Last-Modified"] = changed


def fetching(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    def urlopen(request: urllib.request.Request, timeout: float) -> Answer:
        assert request.full_url == "https://epoch.ai/data/eci_scores.csv"
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Answer)
        return answer

    monkeypatch.setattr("apps.prices.fetching.urlopen", urlopen)


def test_what_is_fetched_is_of_the_day_that_the_server_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = f"{HEADER}\n{GPT_5}\n".encode()
    fetching(monkeypatch, Answer(content, "Wed, 18 Nov 2026 07:00:00 GMT"))
    call_command("refresh_scores", "--fetch", stdout=StringIO())
    proposal = SnapshotProposal.objects.get()
    assert (proposal.snapshot, proposal.origin) == (date(2026, 11, 18), proposing.URL)


@pytest.mark.parametrize(
    "answer",
    [
        OSError("no network"),
        http.client.IncompleteRead(b"Mod"),
        Answer(f"{HEADER}\n{GPT_5}\n".encode(), length=5_000),
        Answer(b"<html>Down for maintenance</html>"),
        Answer(b"x" * 50_000_001),
    ],
    ids=["no network", "cut off", "half", "a page", "too large"],
)
def test_a_failed_or_partial_fetch_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    fetching(monkeypatch, answer)
    before = everything()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("refresh_scores", "--fetch", stdout=StringIO())
    assert everything() == before
