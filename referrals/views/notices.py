from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.notices import NoticeChoiceForm
from referrals.models import HandOver, Notice, Referral, ThresholdDraft
from referrals.pages.notices import choice_of, inbox, mail_page


@requires(Permission.VIEW_NOTICES)
def notices(request: ActingRequest) -> HttpResponse:
    page = {"notices": inbox(request.membership), "mail": mail_page(request.membership)}
    return render(request, "referrals/notices.html", page)


@requires(Permission.VIEW_NOTICES)
def choice(request: ActingRequest) -> HttpResponse:
    """What one wants by e-mail."""
    said = choice_of(request.membership)
    form = NoticeChoiceForm(
        request.POST or None,
        initial={"at_once": said.at_once, "today": said.today},
        cancel_url=reverse("notices"),
    )
    if form.is_valid():
        actions.choose_notices(by=request.membership, now=request.now, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("notices")
    page = {"form": form, "mail": mail_page(request.membership)}
    return render(request, "referrals/notice_choice.html", page)


@require_POST
@requires(Permission.VIEW_NOTICES)
def read(request: ActingRequest, notice: int) -> HttpResponse:
    """Opens what the notice is about: a referral, the list of those that are restricted, a
    threshold, training, a hand-over that waits for its answer, or the members."""
    found = get_object_or_404(
        Notice.objects.visible_to(request.membership).select_related("training__membership"),
        pk=notice,
    )
    actions.read_notice(notice=found, now=request.now)
    if found.draft_id is not None:
        drafts = ThresholdDraft.objects.visible_to(request.membership)
        draft = drafts.filter(pk=found.draft_id).first()  # none, once it was stopped
        return redirect("threshold", rule=draft.code) if draft else redirect("thresholds")
    if found.training is not None:
        mine = found.training.membership.user_id == request.membership.user_id
        return redirect("own_training" if mine else "who_may_act")
    if found.hand_over_id is not None:
        return _to_a_hand_over(request, found.hand_over_id)
    if found.change_id is not None:
        return redirect("our_members")
    about = found.referral_id or 0
    seen = Referral.objects.visible_to(request.membership).filter(pk=about).first()
    if found.flag_id is None or seen is None:
        return redirect("restricted")
    return redirect("referral", reference=seen.reference)


def _to_a_hand_over(request: ActingRequest, asked: UUID) -> HttpResponse:
    """Where it is answered; to who asked the referral, while they see it."""
    rows = HandOver.objects.visible_to(request.membership)
    row = rows.filter(pk=asked).first()
    if row is None:
        return redirect("restricted")
    if row.receiver_id == request.membership.organisation_id:
        return redirect("asked", asked=row.pk)
    seen = Referral.objects.visible_to(request.membership).filter(pk=row.referral_id).first()
    return redirect("hand_over", reference=seen.reference) if seen else redirect("asked_of_us")


@require_POST
@requires(Permission.VIEW_NOTICES)
def read_all(request: ActingRequest) -> HttpResponse:
    actions.read_notices(by=request.membership, now=request.now)
    return redirect("notices")
