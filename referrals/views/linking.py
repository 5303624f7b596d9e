"""Linked people: who belongs to whom, said and ended on one page."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from organisations.access import ActingRequest, requires
from organisations.models import Membership
from organisations.roles import Permission
from referrals import actions
from referrals.forms.base import act
from referrals.forms.linking import LinkForm
from referrals.links import (
    NOT_SAME,
    RELATIONS,
    Relation,
    danger_of,
    other_end,
    relation_of,
    said,
)
from referrals.models import Link, Referral
from referrals.pages.likely import likely_same
from referrals.pages.linked import linked_page
from referrals.references import read_reference
from referrals.views.acting import about, form_about, referral_of, show

ANSWERS = {"same": RELATIONS["same"], "not_same": NOT_SAME}


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def linked(request: ActingRequest, referral: Referral) -> HttpResponse:
    """Those linked, and a form to link another; `?other=` fills it in."""
    known = _known(referral, request.GET.get("other", ""), membership=request.membership)
    form = LinkForm(
        request.POST or None,
        membership=request.membership,
        initial=known,
        **about(request, referral),
    )
    if form.is_valid() and act(form, lambda: _link(request, form)):
        messages.success(request, "Linked. It stands on the pages of both.")
        return redirect("linked", reference=referral.reference)
    page = linked_page(referral, membership=request.membership)
    likely = likely_same(referral, membership=request.membership)
    return show(request, "referrals/linked.html", form, page=page, likely=likely)


@require_POST
@requires(Permission.RECORD_WAIT_EVENT)
def answer_likely(request: ActingRequest, reference: str) -> HttpResponse:
    """Whether two who look alike are one person; asked once, and changed by ending the link."""
    referral = referral_of(request, reference)
    relation = ANSWERS.get(request.POST.get("answer", ""))
    asked = read_reference(request.POST.get("other", ""))
    if relation is None or asked in {"", reference}:
        raise Http404
    other = get_object_or_404(Referral.objects.visible_to(request.membership), reference=asked)
    actions.link_referrals(
        said=said(referral, other, relation=relation), by=request.membership, now=request.now
    )
    _say_answered(request, referral, other, relation)
    return redirect("linked", reference=reference)


def _say_answered(
    request: ActingRequest, referral: Referral, other: Referral, relation: Relation
) -> None:
    if relation == NOT_SAME:
        messages.success(request, f"Kept: {other.reference} is somebody else. It can be undone.")
        return
    messages.success(request, "Linked as the same person. End the link below if that is wrong.")
    if referral.closed_at is None and other.closed_at is None:
        messages.warning(
            request,
            "Both referrals are open, so one wait counts twice. Carry over what only one of them "
            "says, then close that one as recorded twice.",
        )


@require_POST
@requires(Permission.RECORD_WAIT_EVENT)
def end_link(request: ActingRequest, reference: str, link: int) -> HttpResponse:
    found = _found(request, referral_of(request, reference), link)
    actions.end_link(link=found, by=request.membership, now=request.now)
    messages.success(
        request, "The link has ended. It can be put back under “Links that have ended”."
    )
    return redirect("linked", reference=reference)


@require_POST
@requires(Permission.RECORD_WAIT_EVENT)
def restore_link(request: ActingRequest, reference: str, link: int) -> HttpResponse:
    found = _found(request, referral_of(request, reference), link)
    if actions.restore_link(link=found, by=request.membership, now=request.now):
        messages.success(request, "The link stands again.")
    else:
        messages.error(request, "Another link stands between the two. End that one first.")
    return redirect("linked", reference=reference)


def _link(request: ActingRequest, form: LinkForm) -> object:
    return actions.link_referrals(
        said=form.said(), by=request.membership, now=request.now, key=form.sent_key
    )


def _found(request: ActingRequest, referral: Referral, link: int) -> Link:
    rows = Link.objects.visible_to(request.membership).of(referral)
    return get_object_or_404(rows.select_related("referral", "other"), pk=link)


def _known(referral: Referral, asked: str, *, membership: Membership) -> dict[str, str]:
    """What is said of the two now, to say it anew."""
    links = Link.objects.visible_to(membership).of(referral).standing()
    for link in links.select_related("referral", "other"):
        other = other_end(link, seen_from=referral)
        if other.reference == read_reference(asked):
            relation = relation_of(link, seen_from=referral)
            codes = [code for code, each in RELATIONS.items() if each == relation]
            danger = danger_of(link, seen_from=referral)
            return {"other": other.reference, "relation": "".join(codes), "danger": danger}
    return {"other": read_reference(asked)}
