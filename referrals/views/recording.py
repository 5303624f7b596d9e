from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import apart
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.actions.responding import INTERVIEW
from referrals.catalogue import CONSENT_CODES, EventCode
from referrals.consent import is_asked
from referrals.doors import DOORS, EACH_ALONE, ELSE, RANG, SPOKE, STAGES, WROTE
from referrals.forms.events import EventForm, RecordForm
from referrals.forms.recording import RangForm, WroteForm
from referrals.forms.spoke import SpokeForm
from referrals.in_touch import interval_of
from referrals.models import Referral, WaitEvent
from referrals.pages.approaches import approaches, candidates, open_approaches
from referrals.pages.life_cycle import not_possible
from referrals.pages.linked import Linked, linked_people, may_share
from referrals.pages.plans import noted, plans_of
from referrals.pages.timeline import standing_of
from referrals.risks import current_risks
from referrals.views.acting import (
    about,
    act_and_tell,
    after,
    form_about,
    referral_of,
    show,
    untrained_today,
)

OWN_FORMS: dict[str, str] = {
    EventCode.PAUSE_STARTED: "pause",
    EventCode.PAUSE_ENDED: "go_on",
    EventCode.REFERRAL_SUBMITTED: "submitted",
}
RECORDABLE = {code for codes in STAGES.values() for code in codes}


@requires(Permission.RECORD_WAIT_EVENT)
def record(request: ActingRequest, reference: str) -> HttpResponse:
    referral = referral_of(request, reference)
    people = linked_people(referral, membership=request.membership)
    page = {"referral": referral, "doors": DOORS, "linked": people}
    return render(request, "referrals/record.html", page)


@requires(Permission.RECORD_WAIT_EVENT)
def approached(request: ActingRequest, reference: str) -> HttpResponse:
    """Which organisations were rung, and whom else to ring."""
    referral = referral_of(request, reference)
    standing = standing_of(referral, membership=request.membership)
    page = {
        "referral": referral,
        "approaches": approaches(standing),
        "candidates": candidates(referral, membership=request.membership, now=request.now),
    }
    return render(request, "referrals/approaches.html", page)


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def record_door(request: ActingRequest, referral: Referral, door: str) -> HttpResponse:
    """One of the doors, or, behind the last one, the code of an event."""
    asked = is_asked(referral, on=london_date(request.now))
    if door in CONSENT_CODES and not asked:
        return redirect("consent", reference=referral.reference)
    if door in OWN_FORMS:
        return redirect(OWN_FORMS[door], reference=referral.reference)
    if door == ELSE:
        not_now = not_possible(referral, now=request.now)
        stages = [
            (
                stage,
                [
                    (c.value, c.label, not_now.get(c.value, ""))
                    for c in codes
                    if asked or c not in CONSENT_CODES
                ],
            )
            for stage, codes in STAGES.items()
        ]
        page = {"referral": referral, "stages": stages, "doors": DOORS}
        return render(request, "referrals/record_else.html", page)
    people = linked_people(referral, membership=request.membership)
    form, title = _form(request, referral, door, people)
    if form.is_valid() and act_and_tell(request, form, lambda: _record(request, form)):
        _say_of_the_plans(request, form)
        return after(referral, form.happenings())
    more = {"untrained": untrained_today(request)} if door in INTERVIEW else {}
    return show(
        request, "referrals/record_door.html", form, title=title, door=door, linked=people, **more
    )


def _record(request: ActingRequest, form: RecordForm) -> list[WaitEvent]:
    events = actions.record_for_several(
        referral=form.referral,
        happenings=form.happenings(),
        others=form.same(),
        calling=form.calling(),
        all_the_same=form.because,
        plans=form.plans(),
        by=request.membership,
        now=request.now,
        **form.sent,
    )
    names = ", ".join(apart(each.referral.pseudonym) for each in form.same())
    if events and names:
        messages.info(request, f"The same is recorded for {names}, each in waits of their own.")
    return events


def _say_of_the_plans(request: ActingRequest, form: RecordForm) -> None:
    if isinstance(form, SpokeForm):
        for words in noted(form.referral, form.watching, form.plans(), now=request.now):
            messages.info(request, words)


def _form(
    request: ActingRequest, referral: Referral, door: str, people: list[Linked]
) -> tuple[RecordForm, str]:
    facts = about(request, referral)
    if door not in EACH_ALONE:
        facts["others"] = may_share(people)
    data = request.POST or None
    events = standing_of(referral, membership=request.membership)
    form: RecordForm
    if door == RANG:
        rang = request.GET.get("organisation", "")
        form = RangForm(data, approaches=open_approaches(events), rang=rang, **facts)
        return form, DOORS[door][0]
    if door == SPOKE:
        present = list(current_risks(events))
        asked = is_asked(referral, on=london_date(request.now))
        plans = plans_of(referral, membership=request.membership, now=request.now)
        often = interval_of(events)
        form = SpokeForm(
            data, present=present, asked=asked, watching=plans, interval=often, **facts
        )
        return form, DOORS[door][0]
    if door == WROTE:
        not_now = not_possible(referral, now=request.now)
        return WroteForm(data, not_now=not_now, **facts), DOORS[door][0]
    if door not in RECORDABLE:
        raise Http404
    return EventForm(data, code=door, **facts), EventCode(door).label
