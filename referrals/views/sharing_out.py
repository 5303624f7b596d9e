from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from nrm_tracker.ui.words import count
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.errors import SomeChanged
from referrals.forms.base import act
from referrals.forms.sharing_out import (
    CONTACT,
    MOST_CHOSEN,
    CaseworkerForm,
    ChosenForm,
    read_chosen,
)
from referrals.models import Referral
from referrals.views.acting import about, form_about, key_of, show, url_of, with_a_key


@requires(Permission.PLAN_WORK)
@form_about
def caseworker(request: ActingRequest, referral: Referral) -> HttpResponse:
    form = CaseworkerForm(
        request.POST or None, membership=request.membership, **about(request, referral)
    )
    if form.is_valid() and act(
        form,
        lambda: actions.change_caseworker(
            referral=referral,
            caseworker=form.cleaned_data["caseworker"],
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        messages.success(request, "The caseworker is changed.")
        return redirect(url_of(referral))
    return show(request, "referrals/caseworker.html", form)


@requires(Permission.PLAN_WORK)
def chosen(request: ActingRequest) -> HttpResponse:
    """Those ticked in the list, which stand in the address, and what to do with all of them."""
    given = dict(read_chosen(request.GET.getlist("chosen")))
    if not given or len(given) > MOST_CHOSEN:
        messages.warning(request, f"Tick the people in the list first, {MOST_CHOSEN} at most.")
        return redirect("referrals")
    if request.method != "POST" and key_of(request) is None:
        return with_a_key(request)
    people = _people(request, given)
    form = ChosenForm(
        request.POST or None,
        membership=request.membership,
        chosen=people,
        versions=",".join(request.GET.getlist("chosen")),
        now=request.now,
        initial={"key": key_of(request)},
    )
    if form.is_valid() and act(form, lambda: _do(request, form)):
        messages.success(request, f"Recorded for {count(len(people), 'referral')}.")
        return redirect("referrals")
    changed = form.refused.references if isinstance(form.refused, SomeChanged) else []
    if changed:
        form.open_anew()
    page = {"form": form, "people": people, "changed": changed}
    return render(request, "referrals/chosen.html", page)


def _people(request: ActingRequest, given: dict[str, int]) -> list[Referral]:
    rows = Referral.objects.visible_to(request.membership).filter(reference__in=given)
    return list(rows.select_related("assigned_to").order_by("first_contact_at", "id"))


def _do(request: ActingRequest, form: ChosenForm) -> bool:
    said, by, now = form.cleaned_data, request.membership, request.now
    if said["do"] == CONTACT:
        happened_at, precision = form.moment()
        return actions.record_contacts(
            chosen=said["versions"],
            happened_at=happened_at,
            precision=precision,
            by=by,
            now=now,
            key=form.sent_key,
        )
    return actions.share_out(
        chosen=said["versions"], caseworker=said["caseworker"], by=by, now=now, key=form.sent_key
    )
