"""The editors' site: a password and a code that changes."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.http import HttpRequest
from django_otp import devices_for_user
from django_otp.forms import OTPAuthenticationFormMixin
from django_otp.models import Device

from apps.editing.site import KeepingSite


# Both bases name the user's field in another way, and django-otp has no types.
class SignInForm(OTPAuthenticationFormMixin, AdminAuthenticationForm):  # type: ignore[misc]
    """Asks for name and password, and for the code of the account's device where that is asked."""

    otp_token = forms.CharField(
        label="Code of your device",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Enter the six digits that your device shows now."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for no code where the site is set to need none."""
        super().__init__(*args, **kwargs)
        if not settings.SECOND_FACTOR:
            del self.fields["otp_token"]

    def clean(self) -> dict[str, Any]:
        """Look at the password, then at the code."""
        cleaned: dict[str, Any] = super().clean()
        if self.cleaned_data.get("otp_token"):
            self.clean_otp(self.get_user())
        return cleaned

    def _chosen_device(self, user: object) -> Device:
        """Return the device of the account, which has one at most."""
        device = next(devices_for_user(user, for_verify=True), None)
        if device is None:
            raise forms.ValidationError(
                "This account has no device yet: who runs the site gives it one."
            )
        return device

    def _update_form(self, user: object) -> None:
        """Leave the form as it is: there is no device to choose."""


class EditorsSite(KeepingSite):
    """The admin site of the product."""

    site_header = "OpenWeigh: the editors’ side"
    site_title = "OpenWeigh, editors"
    index_title = "What can be edited"
    login_form = SignInForm
    login_template = "accounts/sign_in.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who is an editor and has shown a second factor, where one is asked for."""
        if not super().has_permission(request):
            return False
        # The middleware of django-otp gives the user this method.
        return not settings.SECOND_FACTOR or bool(request.user.is_verified())  # type: ignore[union-attr]
