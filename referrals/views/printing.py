"""What goes on paper: a summary of a referral, and a blank sheet for when there is no computer."""

from django.http import HttpResponse
from django.shortcuts import render

from audit import log
from audit.models import Action
from nrm_tracker.ui.paper import on_paper
from nrm_tracker.ui.parts import Line
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.base import act
from referrals.forms.paper import PaperForm
from referrals.forms.person import ShowForm
from referrals.models import Referral, Survivor
from referrals.pages.person import who
from referrals.pages.risks import danger
from referrals.pages.summary import summary_of
from referrals.views.acting import referral_of


@requires(Permission.VIEW_REFERRALS)
def summary(request: ActingRequest, reference: str) -> HttpResponse:
    """The summary; by POST with who the person is on it. That it was opened is noted."""
    actions.reassess_due_of(request.membership, now=request.now)
    referral = referral_of(request, reference)
    form, identity = _asks_who(request, referral), list[Line]()
    if form and form.is_valid():
        act(form, lambda: identity.extend(_named(request, referral, form.cleaned_data["reason"])))
    log.record(
        Action.SUMMARY_PRINTED,
        by=request.membership,
        now=request.now,
        referral=referral.pk,
        fields=["identity"] if identity else [],
    )
    page = summary_of(
        referral, membership=request.membership, named=bool(identity), now=request.now
    )
    shown = {"referral": referral, "page": page, "form": form, "identity": identity}
    return render(request, "referrals/summary.html", shown)


@requires(Permission.OPEN_REFERRAL)
def blank_sheet(request: ActingRequest) -> HttpResponse:
    """The questions of the quick form on paper."""
    whom_to_call = danger(request.membership.organisation, now=request.now)
    form = PaperForm(
        now=request.now, membership=request.membership, words=(), whom_to_call=whom_to_call
    )
    page = {"questions": on_paper(form), "danger": whom_to_call}
    return render(request, "referrals/blank_sheet.html", page)


def _asks_who(request: ActingRequest, referral: Referral) -> ShowForm | None:
    """Asks why; None where nothing can be shown, or not to this member."""
    if not request.membership.can(Permission.SEE_IDENTITY):
        return None
    if _recorded(request, referral) is None:
        return None
    responsible = referral.assigned_to_id == request.membership.user_id
    label = "Put who they are on it"
    return ShowForm(request.POST or None, responsible=responsible, submit_label=label)


def _recorded(request: ActingRequest, referral: Referral) -> Survivor | None:
    rows = Survivor.objects.visible_to(request.membership).filter(referral=referral)
    return rows.filter(survivorkey__erased_at=None).first()


def _named(request: ActingRequest, referral: Referral, reason: str) -> list[Line]:
    identity = actions.show_identity(
        referral=referral, reason=reason, by=request.membership, now=request.now
    )
    survivor = _recorded(request, referral)
    return who(identity, estimated=bool(survivor and survivor.birth_is_estimated))
