"""What the product is compared with: a view that does nothing, and a wizard of django-formtools."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path
from formtools.wizard.views import SessionWizardView


class Step(forms.Form):
    """A question with five answers, as a step of the product has."""

    answer = forms.ChoiceField(
        choices=[(str(number), f"Answer {number}") for number in range(5)],
        widget=forms.RadioSelect,
    )


class Wizard(SessionWizardView):  # type: ignore[misc]
    """Fourteen steps, kept in the session."""

    form_list = [Step] * 14

    def done(self, form_list: object, **kwargs: object) -> HttpResponse:
        """Say that all steps are answered."""
        return HttpResponse("done")


def bare(request: HttpRequest) -> HttpResponse:
    """Answer without doing anything."""
    return HttpResponse("ok")


urlpatterns = [path("bare", bare), path("wizard", Wizard.as_view())]
