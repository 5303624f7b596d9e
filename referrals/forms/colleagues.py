from typing import Any

from django import forms

from organisations.models import Membership
from referrals.colleagues import caseworkers_of


class CaseworkerField(forms.ChoiceField):
    """Somebody who does casework here: cleaned to the id of the person, None where left open."""

    def offer(self, membership: Membership, *, empty: str) -> None:
        people = caseworkers_of(membership.organisation_id)
        self.choices = [("", empty), *((str(pk), name) for pk, name in people.items())]

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return int(chosen) if chosen else None
