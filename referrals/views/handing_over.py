"""Ask another organisation to take a referral; answer one that asks."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.errors import ActionRefused
from referrals.forms.base import act
from referrals.forms.handing_over import ACCEPT, INTEREST, AnswerForm, AskForm, LookForm
from referrals.models import HandOver, Referral
from referrals.pages.hand_over import hand_over_page, inbox_of, seen
from referrals.pages.linked import linked_people
from referrals.pages.reading_on import reading_page
from referrals.views.acting import about, form_about, referral_of, show

Why = HandOver.ReadingEnded


@requires(Permission.HAND_OVER)
@form_about
def hand_over(request: ActingRequest, referral: Referral) -> HttpResponse:
    """Whom to ask, who was asked, and who cannot be asked and why."""
    looks = request.method == "POST" and "version" not in request.POST  # not the form that asks
    look = LookForm(request.POST if looks else None)
    page = hand_over_page(
        referral, membership=request.membership, now=request.now, sought=look.sought()
    )
    sent = None if looks else request.POST or None
    form = AskForm(sent, possible=page.possible, **about(request, referral))
    if form.is_valid() and act(
        form,
        lambda: actions.ask_to_take(
            referral=referral,
            organisations=form.chosen(),
            several_agreed=form.cleaned_data["several_agreed"],
            read_on_days=form.days(),
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        messages.success(request, "Asked. Their answer appears here and on the timeline.")
        return redirect("hand_over", reference=referral.reference)
    linked = linked_people(referral, membership=request.membership)
    return show(request, "referrals/hand_over.html", form, page=page, linked=linked, look=look)


@require_POST
@requires(Permission.HAND_OVER)
def take_back(request: ActingRequest, reference: str, hand_over: UUID) -> HttpResponse:
    """One press: it is taken back, or it lapsed since nobody answered."""
    referral = referral_of(request, reference)
    found = get_object_or_404(
        HandOver.objects.visible_to(request.membership).sent_by(request.membership),
        pk=hand_over,
        referral=referral,
    )
    silent = request.POST.get("because") == "silent"
    try:
        actions.take_back(
            hand_over=found, by=request.membership, now=request.now, answered=not silent
        )
    except ActionRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"Taken back. {found.receiver} is asked no longer.")
    return redirect("hand_over", reference=reference)


@require_POST
@requires(Permission.HAND_OVER)
def end_reading(request: ActingRequest, reference: str, hand_over: UUID) -> HttpResponse:
    """One press: whoever handed the referral over reads on no longer."""
    referral = referral_of(request, reference)
    found = get_object_or_404(
        HandOver.objects.visible_to(request.membership).asked_of(request.membership),
        pk=hand_over,
        referral=referral,
    )
    why = Why.PERSON if request.POST.get("because") == Why.PERSON else Why.NOT_NEEDED
    try:
        actions.end_reading_on(hand_over=found, why=why, by=request.membership, now=request.now)
    except ActionRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"Ended. {found.sender} reads on no longer.")
    return redirect("referral", reference=reference)


@requires(Permission.HAND_OVER)
def read_on(request: ActingRequest, hand_over: UUID) -> HttpResponse:
    """What happens with a person whom one handed over, while they agree to it. Each look is noted
    where the referral is."""
    member = request.membership
    found = get_object_or_404(
        HandOver.objects.visible_to(member).sent_by(member).select_related("receiver"), pk=hand_over
    )
    try:
        told = actions.read_on(hand_over=found, by=member, now=request.now)
    except ActionRefused as refused:
        page = {"row": found, "why_not": str(refused)}
    else:
        page = {"row": found, "page": reading_page(told, now=request.now)}
    return render(request, "referrals/read_on.html", page)


@requires(Permission.HAND_OVER)
def asked_of_us(request: ActingRequest) -> HttpResponse:
    page = inbox_of(request.membership, now=request.now)
    return render(request, "referrals/asked_of_us.html", {"page": page})


@requires(Permission.HAND_OVER)
def asked(request: ActingRequest, asked: UUID) -> HttpResponse:
    """What is known of the person before it is accepted, and the answer."""
    member = request.membership
    found = get_object_or_404(
        HandOver.objects.visible_to(member).asked_of(member).select_related("sender"), pk=asked
    )
    form = AnswerForm(
        request.POST or None,
        membership=member,
        interested=found.state == HandOver.State.INTERESTED,
        cancel_url=reverse("asked_of_us"),
    )
    if form.is_valid() and act(form, _answer(request, found, form.cleaned_data["answer"])):
        return _after(request, found, form.cleaned_data["answer"])
    page = {"form": form, "asked": seen(found, membership=member, now=request.now)}
    return render(request, "referrals/asked.html", page)


def _answer(request: ActingRequest, found: HandOver, answer: str) -> Callable[[], object]:
    by, now = request.membership, request.now
    if answer == INTEREST:
        return lambda: actions.show_interest(hand_over=found, by=by, now=now)
    if answer == ACCEPT:
        return lambda: actions.accept_hand_over(hand_over=found, by=by, now=now)
    return lambda: actions.decline_hand_over(hand_over=found, reason=answer, by=by, now=now)


def _after(request: ActingRequest, found: HandOver, answer: str) -> HttpResponse:
    if answer == INTEREST:
        messages.success(
            request, "The language stands here now, if it is known. Accept or decline next."
        )
        return redirect("asked", asked=found.pk)
    if answer == ACCEPT:
        found.refresh_from_db(fields=["reference"])
        messages.success(request, "The referral is yours, and you are its caseworker.")
        return redirect("referral", reference=found.reference)
    messages.success(request, "Declined. Nothing about the person stays here.")
    return redirect("asked_of_us")
