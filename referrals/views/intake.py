"""The intake: a task list, and one page for each family of questions."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.base import act
from referrals.forms.written import IntakeForm, WrittenForm
from referrals.models import Referral, WrittenPage
from referrals.pages.intake import intake_of
from referrals.pages.written import conflict_of_page, versions
from referrals.questions import INTAKE
from referrals.views.acting import about, form_about, referral_of, tell_sent_before

CHILD_FIRST = (
    "A child who may be a victim has a referral of their own, unless there is one. Log it or link "
    "it here; the local authority is told first."
)


@requires(Permission.RECORD_WAIT_EVENT)
def intake(request: ActingRequest, reference: str) -> HttpResponse:
    referral = referral_of(request, reference)
    page = intake_of(referral, membership=request.membership, now=request.now)
    return render(request, "referrals/intake.html", {"referral": referral, "page": page})


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def intake_page(request: ActingRequest, referral: Referral, part: str) -> HttpResponse:
    if part not in INTAKE:
        raise Http404
    stands = actions.newest_page(referral=referral, page=part)
    facts = about(request, referral)
    form = IntakeForm(request.POST or None, page=part, stands=stands, **facts)
    form.cancel_url = reverse("intake", args=[referral.reference])
    if form.is_valid() and act(form, lambda: _keep(request, form)):
        if form.says_victim:
            messages.warning(request, CHILD_FIRST)
            return redirect("linked", reference=referral.reference)
        return redirect("intake", reference=referral.reference)
    title, children = WrittenPage.Page(part).label, part == WrittenPage.Page.CHILDREN
    return show_page(request, "referrals/intake_page.html", form, title=title, children=children)


def _keep(request: ActingRequest, form: IntakeForm) -> None:
    kept = actions.write_page(
        referral=form.referral,
        page=form.page,
        answers=form.answers(),
        state=form.state,
        by=request.membership,
        now=request.now,
        **form.sent,
    )
    tell_kept(request, form, kept)


def tell_kept(request: ActingRequest, form: WrittenForm, kept: WrittenPage | None) -> None:
    if kept:
        messages.success(request, f"{WrittenPage.Page(form.page).label}: saved.")
    else:
        tell_sent_before(request, form)


def show_page(
    request: ActingRequest, template: str, form: WrittenForm, **more: object
) -> HttpResponse:
    """A page of questions; where somebody was faster, with both versions on it."""
    page = {
        "form": form,
        "referral": form.referral,
        "conflict": conflict_of_page(form, membership=request.membership),
        "versions": versions(form, membership=request.membership),
        **more,
    }
    return render(request, template, page)
