"""A proof of wait: issued with consent, printed for a representative, checked by anybody."""

from http import HTTPStatus
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from nrm_tracker.access import public
from nrm_tracker.signing import public_keys
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.errors import NoConsentToShare
from referrals.forms.base import act
from referrals.forms.proving import CheckProofForm, IssueProofForm, WithdrawProofForm
from referrals.models import Proof, Referral, Survivor
from referrals.pages.proving import check_of, issued_of
from referrals.proofs import CODE, text_of
from referrals.views.acting import about, form_about, referral_of, show, tell_sent_before


@requires(Permission.ISSUE_PROOF)
@form_about
def proofs(request: ActingRequest, referral: Referral) -> HttpResponse:
    """What it would say, the form to issue it, and those that were issued."""
    known = Survivor.objects.visible_to(request.membership).filter(referral=referral).exists()
    may_name = known and request.membership.can(Permission.SEE_IDENTITY)
    form = IssueProofForm(request.POST or None, may_name=may_name, **about(request, referral))
    done: list[Proof | None] = []
    if form.is_valid() and act(form, lambda: done.append(_issue(request, form))):
        if issued := done[0]:
            return redirect("proof", reference=referral.reference, proof=issued.pk)
        tell_sent_before(request, form)
        return redirect("proofs", reference=referral.reference)
    return show(
        request,
        "referrals/proofs.html",
        form,
        says=actions.chronology(referral=referral, by=request.membership, now=request.now),
        issued=issued_of(referral, membership=request.membership),
        no_consent=isinstance(form.refused, NoConsentToShare),
    )


@requires(Permission.ISSUE_PROOF)
def proof(request: ActingRequest, reference: str, proof: UUID) -> HttpResponse:
    """The page itself, to be printed; with `?text`, as the text that its hash is over."""
    referral = referral_of(request, reference)
    found = _found(request, referral, proof)
    said = actions.opened_proof(proof=found, by=request.membership, now=request.now)
    if said and "text" in request.GET:
        headers = {"Content-Disposition": 'attachment; filename="proof-of-wait.txt"'}
        plain = "text/plain; charset=utf-8"
        return HttpResponse(text_of(said), content_type=plain, headers=headers)

    page = {"referral": referral, "proof": found, "says": said, "code": found.content_hash[:CODE]}
    return render(request, "referrals/proof.html", page)


@requires(Permission.ISSUE_PROOF)
@form_about
def withdraw(request: ActingRequest, referral: Referral, proof: UUID) -> HttpResponse:
    found = _found(request, referral, proof)
    form = WithdrawProofForm(request.POST or None, **about(request, referral))
    if form.is_valid() and act(
        form,
        lambda: actions.withdraw_proof(
            proof=found,
            why=Proof.Why(form.cleaned_data["why"]),
            by=request.membership,
            now=request.now,
        ),
    ):
        messages.success(request, "Withdrawn. Whoever checks it is told that it does not stand.")
        return redirect("proofs", reference=referral.reference)
    return show(request, "referrals/proof_withdraw.html", form, proof=found)


@public
def check(request: HttpRequest) -> HttpResponse:
    """Whether a proof with this number and code was issued and stands; nothing else of it."""
    if not ratelimit.consume(request, action="check_proof"):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    form = CheckProofForm(request.POST or None)
    answer = None
    if form.is_valid():
        answer = check_of(form.cleaned_data["number"], form.cleaned_data["code"])
        if answer is None:
            form.add_error(
                None,
                "No proof with this number and check code was issued here. Compare both with the "
                "page.",
            )
    page = {"form": form, "answer": answer, "keys": public_keys()}
    return render(request, "referrals/proof_check.html", page)


def _found(request: ActingRequest, referral: Referral, proof: UUID) -> Proof:
    return get_object_or_404(
        Proof.objects.visible_to(request.membership).filter(referral=referral), pk=proof
    )


def _issue(request: ActingRequest, form: IssueProofForm) -> Proof | None:
    return actions.issue_proof(
        referral=form.referral,
        by=request.membership,
        now=request.now,
        **form.answers(),
        **form.sent,
    )
