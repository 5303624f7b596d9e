"""What the list of organisations is asked for, in its address."""

from typing import Any

from django import forms
from django.db.models import TextChoices

from nrm_tracker.ui.forms import GovukForm
from organisations.models import Nation
from organisations.pages import STANDINGS
from organisations.pages.listed import Wanted
from organisations.scope import Exploitation, Gender, Kind, Takes


def any_of(choices: type[TextChoices]) -> list[tuple[str, Any]]:
    return [("", "Any"), *choices.choices]


class TakesForm(GovukForm):
    """Whom somebody looks for. One of whom it is not known is shown too."""

    method = "get"
    submit_label = "Show"

    nation = forms.ChoiceField(label="Nation", required=False, choices=any_of(Nation))
    age_group = forms.ChoiceField(label="Adult or child", required=False, choices=any_of(Takes))
    gender = forms.ChoiceField(label="Woman or man", required=False, choices=any_of(Gender))
    exploitation = forms.ChoiceField(
        label="Exploitation", required=False, choices=any_of(Exploitation)
    )

    def wanted(self, **more: str) -> Wanted:
        """Where an address asks for what there is not, everything is shown."""
        return Wanted(**(self.cleaned_data if self.is_valid() else {}), **more)


class FilterForm(TakesForm):
    q = forms.CharField(label="Name", required=False, max_length=100)
    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "Any"), *STANDINGS.items()]
    )
    kind = forms.ChoiceField(label="Kind", required=False, choices=any_of(Kind))

    field_order = ["q", "status", "kind", "nation", "age_group", "gender", "exploitation"]
