"""Give an account a device for its second factor."""

from argparse import ArgumentParser
from io import StringIO
from typing import Any

import segno
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice


class Command(BaseCommand):
    """Prints a new key once, as a picture and as an address; the account's old one ends."""

    help = "Give an account a new device for its second factor, and end the one that it has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name of the account."""
        parser.add_argument("account")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the key and show it."""
        accounts = get_user_model().objects
        user = accounts.filter(**{get_user_model().USERNAME_FIELD: options["account"]}).first()
        if user is None:
            raise CommandError(f"There is no account {options['account']!r}.")
        with transaction.atomic():
            TOTPDevice.objects.filter(user=user).delete()
            device = TOTPDevice.objects.create(user=user, name="app")
        picture = StringIO()
        segno.make(device.config_url).terminal(out=picture, compact=True)
        self.stdout.write(picture.getvalue())
        self.stdout.write(f"Scan it with an app for one-time codes, or enter: {device.config_url}")
        self.stdout.write("It is shown this once.")
