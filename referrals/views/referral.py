from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.costing import TAPS
from referrals.forms.day import NoteBesides
from referrals.models import EffortKind
from referrals.pages.costing import spending_on
from referrals.pages.harming import harm_on
from referrals.pages.must_hand_over import designation_ended
from referrals.pages.referral import page_of
from referrals.views.acting import referral_of


@requires(Permission.VIEW_REFERRALS)
def referral(request: ActingRequest, reference: str) -> HttpResponse:
    actions.reassess_due_of(request.membership, now=request.now)
    shown = referral_of(request, reference)
    actions.welcome_referral(referral=shown, by=request.membership)
    page = page_of(shown, membership=request.membership, now=request.now)
    may = {permission.value: request.membership.can(permission) for permission in Permission}
    note = NoteBesides(referral=shown, key=uuid4(), action=reverse("notes", args=[shown.reference]))
    harm = harm_on(shown, membership=request.membership)
    shows = {"referral": shown, "harm": harm, "page": page, "may": may, "note_form": note}
    shows |= {"kinds": EffortKind.choices, "taps": TAPS, "key": uuid4()}
    shows["spent"] = spending_on(shown, membership=request.membership)
    if shown.closed_at is None:
        shows["ended"] = designation_ended(request.membership, now=request.now)
    return render(request, "referrals/referral.html", shows)
