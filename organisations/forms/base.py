"""What the register's forms have in common. Field names are the actions' keyword names."""

from collections.abc import Callable
from typing import cast

from django import forms
from django.http import QueryDict

from nrm_tracker.ui.forms import GovukForm
from organisations.errors import ChangedMeanwhile, RegisterRefused

YES_NO = {True: "yes", False: "no"}


class RegisterForm(GovukForm):
    """Carries the version of the entry that it was opened on."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def act(form: GovukForm, do: Callable[[], object]) -> bool:
    """Do it; a refusal becomes an error of the form. Whether it was done.

    After somebody else's change the form takes on the present version, so that sending it again
    is a decision made with both versions on screen.
    """
    try:
        do()
    except RegisterRefused as refusal:
        if isinstance(refusal, ChangedMeanwhile):
            typed = cast("QueryDict", form.data).copy()
            typed["version"] = str(refusal.version)
            form.data = typed
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True
