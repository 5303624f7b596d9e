from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from organisations import actions
from organisations.access import ActingRequest, requires
from organisations.forms import TrainingForm
from organisations.models import Membership
from organisations.roles import Permission


@requires(Permission.KEEP_TRAINING)
def training(request: ActingRequest, member: int) -> HttpResponse:
    """A colleague's mark as First Responder, and their trainings."""
    colleagues = Membership.objects.visible_to(request.membership).active()
    found = get_object_or_404(colleagues.select_related("user"), pk=member)
    form = TrainingForm(
        request.POST or None,
        now=request.now,
        initial={"first_responder_since": found.first_responder_since},
        cancel_url=reverse("members"),
    )
    if form.is_valid():
        actions.record_training(
            member=found, by=request.membership, now=request.now, **form.cleaned_data
        )
        messages.success(request, f"Saved for {found.user.name}.")
        return redirect("members")
    page = {
        "form": form,
        "member": found,
        "trainings": found.trainings.order_by("-trained_on", "course"),
    }
    return render(request, "organisations/training.html", page)
