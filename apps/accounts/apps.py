"""The accounts app, and the site that editors work on."""

from django.apps import AppConfig

# Named as a module: Django takes every class of this file that it finds for a candidate.
from django.contrib.admin import apps as admin_apps


class AccountsConfig(AppConfig):
    """Registers the accounts app."""

    name = "apps.accounts"
    default = True

    def ready(self) -> None:
        """Listen for sign-ins."""
        from apps.accounts import sign_ins

        sign_ins.listen()


class EditorsSiteConfig(admin_apps.AdminConfig):
    """The admin, with the house's own way to sign in."""

    default_site = "apps.accounts.site.EditorsSite"
    default = False

    def ready(self) -> None:
        """Register what is edited; the keys of devices are shown once, by a command."""
        super().ready()
        from django.contrib import admin
        from django_otp.plugins.otp_totp.models import TOTPDevice

        admin.site.unregister(TOTPDevice)
