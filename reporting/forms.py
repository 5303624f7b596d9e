from typing import Any

from django import forms

from nrm_tracker.ui.forms import GovukForm
from organisations.models import Membership, Nation

AGES = [("", "Any age"), ("child", "Children, and those who might be"), ("adult", "Adults")]


class FilterForm(GovukForm):
    """The dashboard's filters; they stay in the address and in every link to a list."""

    method = "get"
    submit_label = "Show"

    nation = forms.ChoiceField(
        label="Nation", required=False, choices=[("", "Any nation"), *Nation.choices]
    )
    age = forms.ChoiceField(label="Age", required=False, choices=AGES)
    caseworker = forms.ChoiceField(label="Responsible caseworker", required=False)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Membership.objects.visible_to(membership).select_related("user")
        names = {str(m.user_id): m.user.name for m in colleagues}
        self.fields["caseworker"].choices = [  # type: ignore[attr-defined]
            ("", "Anybody"),
            *sorted(names.items(), key=lambda item: item[1]),
        ]
