from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.day import AnswerForm, AppointmentForm
from referrals.models import Appointment, Referral
from referrals.pages.appointments import about as about_appointment
from referrals.pages.appointments import title_of, when_in_words
from referrals.pages.linked import linked_people
from referrals.views.acting import (
    about,
    act_and_tell,
    form_about,
    show,
    untrained_today,
    url_of,
)


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def new_appointment(request: ActingRequest, referral: Referral) -> HttpResponse:
    agreed = actions.agreed_terms(referral)
    language = agreed.interpreter if agreed else ""
    form = AppointmentForm(
        request.POST or None,
        initial={"interpreter": "needed", "language": language} if language else {},
        **about(request, referral),
    )
    if form.is_valid() and act_and_tell(
        request,
        form,
        lambda: actions.make_appointment(
            referral=referral,
            meeting=form.meeting(),
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        return redirect(url_of(referral))
    people = linked_people(referral, membership=request.membership)
    return show(request, "referrals/appointment_new.html", form, linked=people)


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def appointment(request: ActingRequest, referral: Referral, appointment: int) -> HttpResponse:
    """Say what came of it."""
    found = get_object_or_404(
        Appointment.objects.visible_to(request.membership).filter(referral=referral),
        pk=appointment,
    )
    form = AnswerForm(request.POST or None, appointment=found, **about(request, referral))
    if form.is_valid() and act_and_tell(
        request,
        form,
        lambda: actions.answer_appointment(
            appointment=found,
            answer=form.answer(),
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        return redirect(url_of(referral))
    return show(
        request,
        "referrals/appointment.html",
        form,
        appointment=found,
        untrained=untrained_today(request) if "account_completed" in form.fields else None,
        title=title_of(found),
        when=when_in_words(found, now=request.now),
        what=about_appointment(found),
    )
