"""What stands recorded now, by the fields of a form that replaces it: one side of a conflict."""

from collections.abc import Callable, Mapping
from typing import Any

from nrm_tracker.ui.parts import Difference
from organisations.models import Membership
from referrals.actions import agreed_since, agreed_terms, sealed_changed_since
from referrals.forms.base import ReferralForm, in_words
from referrals.forms.consent import BasisForm
from referrals.forms.person import KeepingForm, WordForm
from referrals.forms.safe_contact import SafeContactForm, as_agreed
from referrals.forms.sharing_out import CaseworkerForm
from referrals.forms.spoke import SpokeForm, calling_of
from referrals.models import Referral

EMPTY = "Nothing"


def _contact(referral: Referral) -> dict[str, Any]:
    terms = agreed_terms(referral)
    return as_agreed(terms) if terms else {}


def _caseworker(referral: Referral) -> dict[str, Any]:
    return {"caseworker": referral.assigned_to_id}


def _word(referral: Referral) -> dict[str, Any]:
    return {"pseudonym": referral.pseudonym}


def _basis(referral: Referral) -> dict[str, Any]:
    names = ("lawful_basis", "special_condition")
    return {name: getattr(referral, name) for name in names}


RECORDED: Mapping[type[ReferralForm], Callable[[Referral], dict[str, Any]]] = {
    BasisForm: _basis,
    CaseworkerForm: _caseworker,
    SafeContactForm: _contact,
    WordForm: _word,
}  # who somebody is, is not among them: it is shown on asking only


def differences(form: ReferralForm, *, since: int, membership: Membership) -> list[Difference]:
    """Field by field, where what was typed is not what stands since somebody else saved.

    Of what is sealed it is said only that it changed.
    """
    if isinstance(form, SpokeForm):
        return _spoken(form, since=since)
    recorded = RECORDED.get(type(form))
    if recorded is None:
        return []
    theirs = recorded(Referral.objects.visible_to(membership).get(pk=form.referral.pk))
    found = [
        Difference(str(form[name].label), yours, stands)
        for name, standing in theirs.items()
        for yours, stands in [
            (_said(form, name, form.cleaned_data.get(name)), _said(form, name, standing))
        ]
        if yours != stands
    ]
    return found + (_sealed(form, since=since) if isinstance(form, SafeContactForm) else [])


def _spoken(form: SpokeForm, *, since: int) -> list[Difference]:
    """What somebody else agreed with the person about calling, after this form was opened."""
    terms = agreed_terms(form.referral)
    if terms is None or not agreed_since(referral=form.referral, version=since):
        return []
    found = [
        Difference(str(form[name].label), yours, stands)
        for name, standing in calling_of(terms).items()
        for yours, stands in [
            (_said(form, name, form.cleaned_data.get(name)), _said(form, name, standing))
        ]
    ]
    return [each for each in found if each.yours != each.theirs]


def _said(form: ReferralForm, name: str, answer: Any) -> str:
    return EMPTY if answer is None else in_words(form.fields[name], answer) or EMPTY


def _sealed(form: KeepingForm, *, since: int) -> list[Difference]:
    return [
        Difference(
            str(form[name].label),
            "Left empty: what is saved now stays" if name in form.kept else "You typed it anew",
            "Changed. It is sealed, and shown on asking only",
        )
        for name in form.keeping
        if name in sealed_changed_since(referral=form.referral, version=since)
    ]
