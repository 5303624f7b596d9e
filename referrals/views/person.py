"""Who somebody is: shown only on asking, to whoever says why, after the trail has noted it."""

from dataclasses import asdict
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from audit import log
from audit.models import Action
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.actions import WhyLook
from referrals.forms.base import act
from referrals.forms.person import REACHED_BY, IdentityForm, ShowForm, WordForm
from referrals.forms.safe_contact import SafeContactForm
from referrals.identity import Identity
from referrals.in_touch import interval_of
from referrals.models import Referral, Survivor
from referrals.pages.desk import desk_of
from referrals.pages.likely import likely_same
from referrals.pages.person import looks, reach, who
from referrals.pages.risks import danger
from referrals.pages.timeline import standing_of
from referrals.pseudonyms import free_words
from referrals.views.acting import about, act_and_tell, form_about, referral_of, show, url_of

KNOWN_HERE = "Somebody alike is known here: say below whether it is the same person."


@requires(Permission.SEE_IDENTITY)
def person(request: ActingRequest, reference: str) -> HttpResponse:
    """Ask; by POST see."""
    referral = referral_of(request, reference)
    recorded = _recorded(request, referral)
    responsible = referral.assigned_to_id == request.membership.user_id
    covering = desk_of(request.membership, now=request.now).covers(referral.assigned_to_id)
    form = ShowForm(
        request.POST or None,
        responsible=responsible,
        initial={"reason": WhyLook.COVERING} if covering else {},
    )
    page: dict[str, object] = {"referral": referral, "form": form, "recorded": recorded}
    if request.method == "POST" and form.is_valid() and recorded:
        seen: list[Identity] = []
        if act(form, lambda: seen.append(_shown(request, referral, form))):
            page |= _page(request, referral, recorded, seen[0], form.cleaned_data["reason"])
    return render(request, "referrals/person.html", page)


@requires(Permission.SEE_IDENTITY)
@form_about
def record_person(request: ActingRequest, referral: Referral) -> HttpResponse:
    if request.method != "POST" and _recorded(request, referral):
        return redirect("person", reference=referral.reference)
    form = IdentityForm(request.POST or None, **about(request, referral))
    if form.is_valid() and act_and_tell(request, form, lambda: _record(request, referral, form)):
        messages.info(request, "Who this is is shown to nobody who does not ask.")
        if likely_same(referral, membership=request.membership).likely:
            messages.warning(request, KNOWN_HERE)
            return redirect("linked", reference=referral.reference)
        return redirect(url_of(referral))
    return show(request, "referrals/person_record.html", form)


@requires(Permission.SEE_IDENTITY)
@form_about
def word(request: ActingRequest, referral: Referral) -> HttpResponse:
    """Change the word that stands for the person on every page."""
    others = Referral.objects.visible_to(request.membership).open()
    taken = set(others.values_list("pseudonym", flat=True))
    form = WordForm(
        request.POST or None,
        **about(request, referral),
        words=free_words(taken, number=3),
        taken=taken,
    )
    if form.is_valid() and act(
        form,
        lambda: actions.change_word(
            referral=referral,
            word=form.cleaned_data["pseudonym"],
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        messages.success(request, "Another word stands for the person from now on.")
        return redirect(url_of(referral))
    return show(request, "referrals/word.html", form)


@requires(Permission.SEE_IDENTITY)
@form_about
def contact(request: ActingRequest, referral: Referral) -> HttpResponse:
    """What was agreed about reaching the person."""
    form = SafeContactForm(
        request.POST or None,
        standing=actions.agreed_terms(referral),
        interval=interval_of(standing_of(referral, membership=request.membership)),
        **about(request, referral),
    )
    if form.is_valid() and act(
        form,
        lambda: actions.agree_to_be_in_touch(
            referral=referral,
            terms=form.terms(),
            interval=form.changed_interval(),
            keep=form.kept,
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        messages.success(request, "Saved. It stands in place of what was agreed before.")
        return redirect(url_of(referral))
    return show(request, "referrals/contact.html", form)


@requires(Permission.VIEW_TRAIL)
def looked(request: ActingRequest, reference: str) -> HttpResponse:
    """Who has looked at a referral, and done what."""
    referral = referral_of(request, reference)
    log.record(Action.AUDIT_VIEWED, by=request.membership, now=request.now, referral=referral.pk)
    page = {"referral": referral, "looks": looks(referral, membership=request.membership)}
    return render(request, "referrals/looked.html", page)


def _recorded(request: ActingRequest, referral: Referral) -> Survivor | None:
    rows = Survivor.objects.visible_to(request.membership).filter(referral=referral)
    return rows.select_related("survivorkey").first()


def _shown(request: ActingRequest, referral: Referral, form: ShowForm) -> Identity:
    return actions.show_identity(
        referral=referral,
        reason=form.cleaned_data["reason"],
        by=request.membership,
        now=request.now,
    )


def _page(
    request: ActingRequest, referral: Referral, recorded: Survivor, identity: Identity, reason: str
) -> dict[str, object]:
    terms = actions.agreed_terms(referral, with_sealed=True)
    in_danger = reason == WhyLook.DANGER
    organisation = request.membership.organisation
    prefilled = {n: text for n, text in asdict(identity).items() if n not in REACHED_BY}
    prefilled["born_on"] = date.fromisoformat(identity.born_on) if identity.born_on else None
    return {
        "who": who(identity, estimated=recorded.birth_is_estimated),
        "reach": reach(identity, terms, danger=in_danger, now=request.now),
        "danger": in_danger and danger(organisation, nation=referral.nation, now=request.now),
        "change": IdentityForm(
            referral=referral,
            now=request.now,
            initial=prefilled | {"birth_is_estimated": recorded.birth_is_estimated},
            action=reverse("person_record", args=[referral.reference]),
        ),
    }


def _record(request: ActingRequest, referral: Referral, form: IdentityForm) -> object:
    return actions.record_identity(
        referral=referral,
        identity=form.identity(),
        keep=form.kept,
        birth_is_estimated=form.is_estimated,
        by=request.membership,
        now=request.now,
        **form.sent,
    )
