"""What all views on one referral share: find it, show a form on it, say what an entry changed."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from nrm_tracker.calendars import london_date
from organisations.access import ActingRequest
from organisations.trained import Untrained, untrained
from referrals.actions import Happening, record_wait_events
from referrals.consent import SAID_NO, is_about_the_nrm
from referrals.forms.base import KeyedForm, ReferralForm, act
from referrals.forms.events import RecordForm
from referrals.models import Referral, Submission
from referrals.pages.conflict import conflict_of
from referrals.pages.consequences import consequences, hours_started, waits_of

P = ParamSpec("P")
DOUBLE_PRESS = timedelta(seconds=10)


def referral_of(request: ActingRequest, reference: str) -> Referral:
    """The referral that a page is about: that somebody looked is noted, see `requires`."""
    found = get_object_or_404(
        Referral.objects.visible_to(request.membership).select_related("assigned_to", "follows"),
        reference=reference,
    )
    request.looked_at = found.pk
    return found


def form_about(
    view: Callable[Concatenate[ActingRequest, Referral, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A view of a form about one referral. The form's key stands in the address, so that Back
    comes to the same form, which acts once."""

    @wraps(view)
    def inside(
        request: ActingRequest, reference: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        referral, key = referral_of(request, reference), key_of(request)
        if request.method == "POST":
            return view(request, referral, *args, **kwargs)
        if key is None:
            return with_a_key(request)
        if _sent(request).filter(key=key).exists():
            messages.info(request, "This form is saved already. Start again from here.")
            return redirect("referral", reference=reference)
        return view(request, referral, *args, **kwargs)

    return inside


def about(request: ActingRequest, referral: Referral) -> dict[str, Any]:
    """What every form about a referral is made with."""
    return {
        "now": request.now,
        "referral": referral,
        "key": key_of(request),
        "cancel_url": url_of(referral),
    }


def untrained_today(request: ActingRequest) -> Untrained | None:
    """What is said above a form for First Responders' work to who may not act today."""
    own = request.membership
    return untrained(
        user=own.user_id,
        organisation=own.organisation_id,
        on=london_date(request.now),
        days=(),
    )


def key_of(request: ActingRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("key", ""))
    except ValueError:
        return None


def with_a_key(request: ActingRequest) -> HttpResponse:
    """To the same address, with a key for the form in it."""
    asked = request.GET.copy()
    asked["key"] = str(uuid4())
    return redirect(f"{request.path}?{asked.urlencode()}")


def _sent(request: ActingRequest) -> QuerySet[Submission]:
    return Submission.objects.visible_to(request.membership)


def url_of(referral: Referral) -> str:
    return reverse("referral", args=[referral.reference])


def after(referral: Referral, happenings: Sequence[Happening]) -> HttpResponse:
    """Where an entry leads: to the referral; where it says no to the NRM, to what that means."""
    said_no = any(h.code in SAID_NO and is_about_the_nrm(h.consent_type) for h in happenings)
    return redirect("did_not_consent" if said_no else "referral", reference=referral.reference)


def show(request: ActingRequest, template: str, form: ReferralForm, **more: Any) -> HttpResponse:
    """The page of a form; where somebody was faster, with both versions on it."""
    page = {"form": form, "referral": form.referral, **more}
    if form.changed_since is not None:
        page["conflict"] = conflict_of(form, membership=request.membership)
    return render(request, template, page)


def act_and_tell(request: ActingRequest, form: ReferralForm, do: Callable[[], object]) -> bool:
    """Do it and say what it changed of the waits."""
    before = waits_of(form.referral, now=request.now)
    done: list[object] = []
    if not act(form, lambda: done.append(do())):
        return False
    if not done[0]:
        tell_sent_before(request, form)
        return True
    after = waits_of(form.referral, now=request.now)
    messages.success(request, f"Recorded. {consequences(before, after, now=request.now)}")
    organisation = request.membership.organisation
    for words in hours_started(before, after, organisation=organisation, now=request.now):
        messages.warning(request, words)
    return True


def record_and_tell(request: ActingRequest, form: RecordForm) -> bool:
    """Record what the form says happened, and say what it changed of the waits."""
    return act_and_tell(
        request,
        form,
        lambda: record_wait_events(
            referral=form.referral,
            happenings=form.happenings(),
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    )


def tell_sent_before(request: ActingRequest, form: KeyedForm) -> None:
    """Of a second press nothing is said. Who came back later and sent other words is told that
    they are not kept."""
    earlier = _sent(request).filter(key=form.sent_key, sent_at__lt=request.now - DOUBLE_PRESS)
    if earlier.exists():
        messages.warning(
            request,
            "This form was sent before. What you sent now is not recorded: start again from here.",
        )
