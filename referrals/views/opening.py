from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from organisations.access import ActingRequest, requires
from organisations.models import Membership
from organisations.roles import Permission
from referrals import actions
from referrals.actions import Beside
from referrals.catalogue import URGENT_RISKS, AgeGroup
from referrals.forms.base import act
from referrals.forms.opening import OpeningForm
from referrals.forms.paper import PaperForm
from referrals.links import RELATIONS
from referrals.models import Referral
from referrals.pages.likely import likely_same
from referrals.pages.opened import opened_page, saved_with
from referrals.pages.risks import danger
from referrals.pseudonyms import free_words
from referrals.references import read_reference
from referrals.views.acting import key_of, referral_of, with_a_key

OFFERED = 4


@requires(Permission.OPEN_REFERRAL)
def new(request: ActingRequest) -> HttpResponse:
    """Log a referral; `?follows=` names an earlier one of the same person, `?beside=` one of
    somebody they belong to, to whom the new person is what `&as=` says.

    The form's key stands in the address, so that Back comes to the same form, which acts once.
    """
    return _log(request, OpeningForm)


@requires(Permission.OPEN_REFERRAL)
def from_paper(request: ActingRequest) -> HttpResponse:
    """Type in a sheet that was filled in by hand: the same, with the time of the call."""
    return _log(request, PaperForm)


def _log(request: ActingRequest, form_class: type[OpeningForm]) -> HttpResponse:
    paper = form_class is PaperForm
    earlier, beside, key = _named(request, "follows"), _beside(request), key_of(request)
    if request.method != "POST" and (elsewhere := _same_form(request, key)):
        return elsewhere
    form = form_class(
        request.POST or None,
        now=request.now,
        membership=request.membership,
        words=free_words(_taken(request.membership), number=OFFERED),
        whom_to_call=danger(request.membership.organisation, now=request.now),
        initial=_known(request.membership, earlier, beside) | {"key": key},
        cancel_url=reverse("today"),
    )
    made: list[Referral] = []
    if form.is_valid() and act(form, lambda: made.append(_open(request, form, earlier, beside))):
        if paper:
            messages.info(request, "Write the reference on the sheet, then shred it.")
        in_danger = "?danger" if form.cleaned_data["danger"] == "yes" else ""
        return redirect(reverse("referral_opened", args=[made[0].reference]) + in_danger)
    page = {"form": form, "earlier": earlier, "beside": beside, "paper": paper}
    return render(request, "referrals/new.html", page)


@requires(Permission.VIEW_REFERRALS)
def opened(request: ActingRequest, reference: str) -> HttpResponse:
    referral, organisation = referral_of(request, reference), request.membership.organisation
    page: dict[str, object] = {
        "referral": referral,
        "things": opened_page(referral, organisation=organisation, now=request.now),
        "likely": likely_same(referral, membership=request.membership),
    }
    if "danger" in request.GET or not set(URGENT_RISKS).isdisjoint(referral.risks):
        page["danger"] = danger(organisation, nation=referral.nation, now=request.now)
    return render(request, "referrals/opened.html", page)


def _open(
    request: ActingRequest, form: OpeningForm, earlier: Referral | None, beside: Beside | None
) -> Referral:
    return actions.open_referral(
        opening=form.opening(follows=earlier, beside=beside),
        by=request.membership,
        now=request.now,
        key=form.sent_key,
    )


def _same_form(request: ActingRequest, key: UUID | None) -> HttpResponse | None:
    """Elsewhere: to an address with a key, or to what was saved with it; None to show the form."""
    if key is None:
        return with_a_key(request)
    made = saved_with(key, membership=request.membership)
    if made is None:
        return None
    messages.info(request, "This form is saved already. Start from Today to log somebody else.")
    return redirect("referral_opened", reference=made.reference)


def _beside(request: ActingRequest) -> Beside | None:
    relation, other = RELATIONS.get(request.GET.get("as", "")), _named(request, "beside")
    return Beside(other, relation) if other and relation else None


def _named(request: ActingRequest, name: str) -> Referral | None:
    asked = request.GET.get(name)
    if asked is None:
        return None
    reference = read_reference(asked)
    if not reference:
        raise Http404
    return get_object_or_404(Referral.objects.visible_to(request.membership), reference=reference)


def _taken(membership: Membership) -> set[str]:
    return set(Referral.objects.visible_to(membership).open().values_list("pseudonym", flat=True))


def _known(
    membership: Membership, earlier: Referral | None, beside: Beside | None
) -> dict[str, str]:
    """What need not be asked again."""
    known = {"channel": str(Referral.Channel.TELEPHONE)}
    if earlier:
        return known | {"age_group": earlier.age_group, "nation": earlier.nation}
    if beside:
        age = {"age_group": AgeGroup.CHILD} if beside.relation == RELATIONS["child"] else {}
        return known | {"nation": beside.referral.nation} | age
    nations = membership.organisation.nations
    return known | ({"nation": nations[0]} if len(nations) == 1 else {})
