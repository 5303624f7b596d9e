"""Who belongs to whom."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from nrm_tracker.ui.forms import RadioField
from organisations.models import Membership
from referrals.forms.base import ReferralForm
from referrals.links import DANGERS, RELATIONS, Kind, Said, said
from referrals.models import Referral
from referrals.references import read_reference

NOBODY = "No referral that you may see has this reference or word. Check it, or log a new referral."


class LinkForm(ReferralForm):
    submit_label = "Link the two"

    other = forms.CharField(
        label="The other referral",
        help_text="Its reference, your own reference for it, or the word for the person.",
        max_length=60,
        error_messages={"required": "Enter the reference of the other referral, or the word"},
    )
    relation = RadioField(
        label="Who is the other one to this person?",
        choices=[(code, relation.words) for code, relation in RELATIONS.items()],
        error_messages={"required": "Choose who the other one is to this person"},
    )
    danger = RadioField(
        label="May one of the two be a danger to the other?",
        help_text="Family may be among the exploiters, or depend on them. Ask each alone. If yes, "
        "both pages say so on top.",
        choices=[*DANGERS.items(), ("", "Not asked")],
        initial="",
        required=False,
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership

    def clean_other(self) -> Referral:
        return find_one(self.cleaned_data["other"], membership=self.membership)

    def said(self) -> Said:
        relation = RELATIONS[self.cleaned_data["relation"]]
        danger = "" if relation.kind == Kind.SAME else self.cleaned_data["danger"]
        other: Referral = self.cleaned_data["other"]
        return said(self.referral, other, relation=relation, danger=danger)


def find_one(typed: str, *, membership: Membership) -> Referral:
    """The one referral that somebody means; the same words whether it is hidden or not there."""
    seen = Referral.objects.visible_to(membership)
    if reference := read_reference(typed):
        found = list(seen.filter(reference=reference))
    else:
        found = list(seen.filter(own_reference__iexact=typed)[:1])
        found = found or list(seen.filter(pseudonym__iexact=typed).order_by("-id")[:4])
    if not found:
        raise ValidationError(NOBODY)
    if len(found) > 1:
        named = ", ".join(each.reference for each in found[:3])
        more = " and others" if len(found) > 3 else ""
        raise ValidationError(f"Several have this word: {named}{more}. Enter the reference.")
    return found[0]
