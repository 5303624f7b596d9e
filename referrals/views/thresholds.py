from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.base import act
from referrals.forms.told import ToldForm
from referrals.pages.drafts import announced_of, progress_of, waiting_drafts
from referrals.pages.limits import groups
from referrals.pages.rule import rule_page
from referrals.pages.told import told_page
from referrals.thresholds import all_thresholds


@requires(Permission.VIEW_REGISTER)
def thresholds(request: ActingRequest) -> HttpResponse:
    page = {
        "groups": groups(),
        "may_change": request.membership.can(Permission.CHANGE_THRESHOLDS),
        "may_choose": request.membership.can(Permission.MANAGE_ORGANISATION),
        "waiting": waiting_drafts(request.membership, now=request.now),
    }
    return render(request, "referrals/thresholds.html", page)


@requires(Permission.VIEW_REGISTER)
def threshold(request: ActingRequest, rule: str) -> HttpResponse:
    """One threshold and its history."""
    found = rule_page(rule, membership=request.membership, now=request.now)
    if found is None:
        raise Http404
    may_change = request.membership.can(Permission.CHANGE_THRESHOLDS)
    page = {"rule": found, "may_change": may_change}
    page["announced"] = announced_of(rule, membership=request.membership)
    if may_change:
        newest = found.steps[0].draft
        page["progress"] = progress_of(newest) if newest else None
        page["waiting"] = [
            (draft, words)
            for draft, words in waiting_drafts(request.membership, now=request.now)
            if draft.code == rule
        ]
    return render(request, "referrals/threshold.html", page)


@requires(Permission.MANAGE_ORGANISATION)
def told(request: ActingRequest) -> HttpResponse:
    """Who is told of which delay in one's own organisation."""
    return render(request, "referrals/told.html", {"stages": told_page(request.membership)})


@requires(Permission.MANAGE_ORGANISATION)
def told_of(request: ActingRequest, rule: str) -> HttpResponse:
    found = [t for t in all_thresholds() if t.code == rule]
    if not found:
        raise Http404
    form = ToldForm(
        request.POST or None,
        membership=request.membership,
        threshold=found[-1],
        now=request.now,
        cancel_url=reverse("told"),
    )
    changed: list[bool] = []
    if form.is_valid() and act(
        form,
        lambda: changed.append(
            actions.choose_told(
                threshold=found[-1], levels=form.levels(), by=request.membership, now=request.now
            )
        ),
    ):
        words = "Saved. It counts for your open referrals within a minute or so."
        messages.success(request, words if changed[0] else "Nothing was changed.")
        return redirect("told")
    return render(request, "referrals/told_of.html", {"form": form, "threshold": found[-1]})
