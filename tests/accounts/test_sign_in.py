"""Signing in: a password, a code, few tries, and a session that ends."""

import io
import logging
from collections.abc import Iterator
from time import time

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from apps.accounts import sessions

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"  # noqa: S105 - of a test
WRONG = "another password"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """A good hash takes a second, dozens of times in this file."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def editor() -> User:
    """Somebody who may edit everything."""
    return User.objects.create_superuser("ada", password=PASSWORD)


def sign_in(client: Client, password: str = PASSWORD, code: str = "", **extra: str) -> int:
    """Return the status of an attempt; 302 lets in."""
    form = {"username": "ada", "password": password, "otp_token": code}
    return client.post("/admin/login/", form, headers=extra).status_code


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key, device.step, device.t0, device.digits, device.drift):06}"


class TestTries:
    """Five wrong passwords close an account to the address that they came from."""

    @pytest.mark.usefixtures("editor")
    def test_the_sixth_try_is_refused_even_with_the_right_password(self, client: Client) -> None:
        assert [sign_in(client, WRONG) for _ in range(4)] == [200] * 4
        assert sign_in(client, WRONG) == 429
        response = client.post("/admin/login/", {"username": "ada", "password": PASSWORD})
        assert response.status_code == 429
        assert response["Retry-After"] == "900"
        assert "Try again in 15 minutes" in response.text

    @pytest.mark.usefixtures("editor")
    def test_an_editor_elsewhere_is_not_locked_out(self, settings: Settings) -> None:
        settings.BEHIND_PROXY = True
        for _ in range(6):
            sign_in(Client(), WRONG, **{"x-forwarded-for": "203.0.113.9"})
        assert sign_in(Client(), **{"x-forwarded-for": "203.0.113.9"}) == 429
        assert sign_in(Client(), **{"x-forwarded-for": "198.51.100.7"}) == 302

    @pytest.mark.usefixtures("editor")
    def test_nobody_chooses_the_address_that_counts(self, settings: Settings) -> None:
        settings.BEHIND_PROXY = True
        for number in range(5):
            sign_in(Client(), WRONG, **{"x-forwarded-for": f"10.0.0.{number}, 203.0.113.9"})
        assert sign_in(Client(), **{"x-forwarded-for": "10.9.9.9, 203.0.113.9"}) == 429

    @pytest.mark.usefixtures("editor")
    def test_signing_in_forgets_the_wrong_tries(self, client: Client) -> None:
        for _ in range(3):
            assert [sign_in(client, WRONG) for _ in range(4)] == [200] * 4
            assert sign_in(client) == 302
            client.post("/admin/logout/")


class TestSecondFactor:
    """Where it is asked for, a password alone opens nothing."""

    @pytest.fixture(autouse=True)
    def asked(self, settings: Settings) -> None:
        settings.SECOND_FACTOR = True

    def test_it_is_asked_for_unless_the_operator_says_otherwise(self) -> None:
        from config import env

        assert env.flag("SECOND_FACTOR_THAT_NOBODY_SET", default=True)

    def test_the_code_of_the_device_lets_in(self, client: Client, editor: User) -> None:
        device = TOTPDevice.objects.create(user=editor)
        assert sign_in(client, code="") == 200
        assert sign_in(client, code=code_of(device)) == 302
        assert client.get("/admin/").status_code == 200

    def test_a_code_counts_once(self, client: Client, editor: User) -> None:
        code = code_of(TOTPDevice.objects.create(user=editor))
        assert sign_in(client, code=code) == 302
        assert sign_in(Client(), code=code) == 200

    def test_after_a_wrong_code_the_right_one_has_to_wait(
        self, client: Client, editor: User
    ) -> None:
        device = TOTPDevice.objects.create(user=editor)
        assert sign_in(client, code="000000") == 200
        assert sign_in(client, code=code_of(device)) == 200

    @pytest.mark.usefixtures("editor")
    def test_without_a_device_nobody_gets_in(self, client: Client) -> None:
        form = {"username": "ada", "password": PASSWORD, "otp_token": "123456"}
        response = client.post("/admin/login/", form)
        assert "has no device yet" in response.text
        assert client.get("/admin/").status_code == 302

    def test_a_session_without_a_code_opens_nothing(self, client: Client, editor: User) -> None:
        client.force_login(editor)
        assert client.get("/admin/").status_code == 302

    def test_the_operator_gives_an_account_a_device(self, client: Client, editor: User) -> None:
        shown = io.StringIO()
        for _ in range(2):
            call_command("second_factor", "ada", stdout=shown)
        device = TOTPDevice.objects.get(user=editor)
        assert device.config_url in shown.getvalue()
        assert sign_in(client, code=code_of(device)) == 302

    def test_there_is_no_device_for_nobody(self) -> None:
        with pytest.raises(CommandError, match="no account 'nobody'"):
            call_command("second_factor", "nobody")

    def test_no_page_of_the_admin_shows_keys(self, client: Client, settings: Settings) -> None:
        settings.SECOND_FACTOR = False
        client.force_login(User.objects.create_superuser("eve"))
        assert client.get("/admin/otp_totp/totpdevice/").status_code == 404


class TestSessions:
    """A session ends."""

    @pytest.mark.parametrize(
        ("idle", "status"), [(59 * 60, 200), (61 * 60, 302)], ids=["59 minutes", "61 minutes"]
    )
    def test_after_an_hour_without_a_request(
        self,
        idle: int,
        status: int,
        client: Client,
        editor: User,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        client.force_login(editor)
        later = time() + idle
        monkeypatch.setattr(sessions, "time", lambda: later)
        assert client.get("/admin/").status_code == status
        assert client.get("/admin/").status_code == status

    def test_after_twelve_hours_whatever_was_done(
        self, client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.force_login(editor)
        start = time()
        statuses = []
        for minutes in range(29, 13 * 60, 30):
            monkeypatch.setattr(sessions, "time", lambda at=minutes: start + at * 60)
            statuses.append(client.get("/admin/").status_code)
        assert statuses == [200] * 24 + [302] * 2

    def test_public_pages_ask_for_no_session(self, client: Client, editor: User) -> None:
        client.force_login(editor)
        response = client.get("/robots.txt")
        assert "Cookie" not in response.get("Vary", "")


class Kept(logging.Handler):
    """Keeps what is written to the log."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class TestLog:
    """The log says who signed in, and who could not; never what was typed as a password."""

    @pytest.fixture
    def records(self) -> Iterator[list[logging.LogRecord]]:
        handler = Kept()
        logger = logging.getLogger("openweigh.security")
        logger.addHandler(handler)
        yield handler.records
        logger.removeHandler(handler)

    @pytest.mark.usefixtures("editor")
    def test_each_sign_in_and_each_refusal(
        self, client: Client, records: list[logging.LogRecord]
    ) -> None:
        sign_in(client, WRONG)
        sign_in(client)
        client.post("/admin/logout/")
        said = [(record.getMessage(), vars(record)["account"]) for record in records]
        assert said == [("sign-in refused", "ada"), ("signed in", "ada"), ("signed out", "ada")]
        assert {vars(record)["address"] for record in records} == {"127.0.0.1"}

    def test_what_names_no_account_is_not_written(
        self, client: Client, records: list[logging.LogRecord]
    ) -> None:
        client.post("/admin/login/", {"username": PASSWORD, "password": WRONG})
        assert PASSWORD not in str([vars(record) for record in records])

    @pytest.mark.usefixtures("editor")
    def test_a_lock(self, client: Client, records: list[logging.LogRecord]) -> None:
        for _ in range(5):
            sign_in(client, WRONG)
        assert "sign-in locked" in [record.getMessage() for record in records]
