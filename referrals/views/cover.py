from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.errors import CoverIsOthers
from referrals.forms.base import act
from referrals.forms.sharing_out import CoverForm
from referrals.models import Cover
from referrals.pages.cover import covers_of


@requires(Permission.PLAN_WORK)
def cover(request: ActingRequest) -> HttpResponse:
    """Who covers for whom, now and later."""
    form = CoverForm(request.POST or None, membership=request.membership, now=request.now)
    if form.is_valid() and act(
        form,
        lambda: actions.arrange_cover(
            away=form.cleaned_data["away"],
            covered_by=form.cleaned_data["covered_by"],
            first_on=form.cleaned_data["first_on"],
            last_on=form.cleaned_data["last_on"],
            by=request.membership,
            now=request.now,
            key=form.sent_key,
        ),
    ):
        messages.success(request, "The cover is arranged.")
        return redirect("cover")
    covers = covers_of(request.membership, now=request.now)
    return render(request, "referrals/cover.html", {"form": form, "covers": covers})


@require_POST
@requires(Permission.PLAN_WORK)
def end_cover(request: ActingRequest, cover: int) -> HttpResponse:
    found = get_object_or_404(Cover.objects.visible_to(request.membership), pk=cover)
    try:
        actions.end_cover(cover=found, by=request.membership, now=request.now)
    except CoverIsOthers as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The cover has ended.")
    return redirect("cover")
