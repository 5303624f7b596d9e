"""Restricted referrals: who may see one, that it exists, and how it is opened in an emergency."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from organisations.access import ActingRequest, requires
from organisations.roles import Permission, Role
from referrals import actions
from referrals.forms.base import act
from referrals.forms.restricting import EmergencyForm, LiftForm, RestrictForm
from referrals.models import NamedStaff, Referral, Restriction
from referrals.pages.restricted import emergencies, named_for, restricted_of, staff_of
from referrals.views.acting import about, form_about, show, url_of


@requires(Permission.RESTRICT_REFERRAL)
@form_about
def restrict(request: ActingRequest, referral: Referral) -> HttpResponse:
    """Restrict it; where it is restricted, say who may see it."""
    member, staff = request.membership, staff_of(request.membership)
    standing = Restriction.objects.visible_to(member).standing().filter(referral=referral).first()
    named = {each.user_id for each in named_for(referral, membership=member)}
    leads = {each.user_id for each in staff if each.role == Role.SAFEGUARDING_LEAD}
    form = RestrictForm(
        request.POST or None,
        staff=staff,
        named=named if standing else {member.user_id, *leads},
        why=standing.why if standing else "",
        **about(request, referral),
    )
    if form.is_valid() and act(
        form,
        lambda: actions.restrict_referral(
            referral=referral,
            why=form.reason(),
            named=form.cleaned_data["named"],
            by=member,
            now=request.now,
            **form.sent,
        ),
    ):
        messages.success(request, "Saved. Only the people you named see it.")
        stays = member.user_id in form.cleaned_data["named"]
        return redirect(url_of(referral) if stays else reverse("referrals"))
    return show(request, "referrals/restrict.html", form, standing=standing)


@requires(Permission.RESTRICT_REFERRAL)
@form_about
def lift(request: ActingRequest, referral: Referral) -> HttpResponse:
    if not referral.restricted:
        return redirect(url_of(referral))
    form = LiftForm(request.POST or None, **about(request, referral))
    if form.is_valid() and act(
        form,
        lambda: actions.lift_restriction(
            referral=referral, by=request.membership, now=request.now, **form.sent
        ),
    ):
        messages.success(request, "Everybody here whose role allows it sees the referral again.")
        return redirect(url_of(referral))
    return show(request, "referrals/lift.html", form)


@requires(Permission.OPEN_IN_EMERGENCY)
def restrictions(request: ActingRequest) -> HttpResponse:
    member = request.membership
    page = {
        "rows": restricted_of(member),
        "emergencies": emergencies(member),
        "may_end": member.can(Permission.END_EMERGENCY),
    }
    return render(request, "referrals/restricted.html", page)


@requires(Permission.OPEN_IN_EMERGENCY)
def emergency(request: ActingRequest, restricted: str) -> HttpResponse:
    """Open a restricted referral without having been named."""
    found = get_object_or_404(
        Restriction.objects.visible_to(request.membership).held(), reference=restricted
    )
    form = EmergencyForm(request.POST or None, cancel_url=reverse("restricted"))
    if form.is_valid() and act(
        form,
        lambda: actions.open_in_emergency(
            restriction=found,
            reason=form.cleaned_data["reason"],
            by=request.membership,
            now=request.now,
        ),
    ):
        messages.warning(request, "You see this in an emergency. The safeguarding lead is told.")
        return redirect("referral", reference=restricted)
    return render(request, "referrals/emergency.html", {"form": form, "reference": restricted})


@require_POST
@requires(Permission.END_EMERGENCY)
def end_emergency(request: ActingRequest, named: int) -> HttpResponse:
    found = get_object_or_404(
        NamedStaff.objects.visible_to(request.membership).exclude(reason=""), pk=named
    )
    actions.end_emergency(named=found, by=request.membership, now=request.now)
    messages.success(request, "They see it no longer.")
    return redirect("restricted")
