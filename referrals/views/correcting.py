from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.correcting import CorrectForm
from referrals.models import Referral, WaitEvent
from referrals.pages.linked import recorded_alike
from referrals.pages.timeline import NOT_CORRECTED, title_of
from referrals.views.acting import about, act_and_tell, form_about, show, url_of


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def correct(request: ActingRequest, referral: Referral, event: int) -> HttpResponse:
    wrong = get_object_or_404(
        WaitEvent.objects.visible_to(request.membership)
        .filter(referral=referral)
        .exclude(code__in=NOT_CORRECTED)
        .select_related("organisation", "submitted_by"),
        pk=event,
    )
    alike = recorded_alike(wrong, membership=request.membership)
    form = CorrectForm(
        request.POST or None,
        event=wrong,
        alike=alike,
        **about(request, referral),
    )
    if form.is_valid() and act_and_tell(
        request,
        form,
        lambda: actions.correct_for_several(
            event=wrong,
            others=form.corrected_too(),
            corrected=form.corrected(),
            reason=form.cleaned_data["reason"],
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        return redirect(url_of(referral))
    page = {"event": wrong, "what": title_of(wrong), "alike": alike}
    return show(request, "referrals/correct.html", form, **page)
