from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.errors import ViewIsOthers
from referrals.forms.base import act
from referrals.forms.filters import WorklistForm
from referrals.forms.saved_views import SavedViewForm
from referrals.models import SavedView
from referrals.pages.saved_views import views_of


@requires(Permission.VIEW_REFERRALS)
def saved_views(request: ActingRequest) -> HttpResponse:
    views = views_of(request.membership)
    return render(request, "referrals/saved_views.html", {"views": views})


@requires(Permission.VIEW_REFERRALS)
def new_saved_view(request: ActingRequest) -> HttpResponse:
    """Save the filters that stand in the address, which is that of the list they are from."""
    chosen = WorklistForm(request.GET.dict(), membership=request.membership)
    if not chosen.is_valid() or not chosen.kept():
        messages.warning(request, "Choose filters first, then save them.")
        return redirect(f"{reverse('referrals')}?{request.GET.urlencode()}")
    filters = urlencode(chosen.kept())
    form = SavedViewForm(request.POST or None, cancel_url=f"{reverse('referrals')}?{filters}")
    if form.is_valid() and act(
        form,
        lambda: actions.save_view(
            name=form.cleaned_data["name"],
            filters=filters,
            shared=form.cleaned_data["shared"],
            by=request.membership,
            now=request.now,
            key=form.sent_key,
        ),
    ):
        messages.success(request, "The view is saved. It stands above the list.")
        return redirect(f"{reverse('referrals')}?{filters}")
    page = {"form": form, "words": chosen.filters_in_words()}
    return render(request, "referrals/saved_view_new.html", page)


@requires(Permission.VIEW_REFERRALS)
def saved_view(request: ActingRequest, view: int) -> HttpResponse:
    found = get_object_or_404(SavedView.objects.visible_to(request.membership), pk=view)
    form = SavedViewForm(
        request.POST or None,
        initial={"name": found.name, "shared": found.shared},
        submit_label="Save the changes",
        cancel_url=reverse("saved_views"),
    )
    if form.is_valid() and act(
        form,
        lambda: actions.change_view(
            view=found,
            name=form.cleaned_data["name"],
            shared=form.cleaned_data["shared"],
            by=request.membership,
            now=request.now,
        ),
    ):
        messages.success(request, "The view is changed.")
        return redirect("saved_views")
    chosen = WorklistForm(dict(parse_qsl(found.filters)), membership=request.membership)
    page = {
        "form": form,
        "view": found,
        "words": chosen.filters_in_words() if chosen.is_valid() else "",
        "mine": found.user_id == request.membership.user_id,
        "may_end": actions.may_end(view=found, by=request.membership),
    }
    return render(request, "referrals/saved_view.html", page)


@require_POST
@requires(Permission.VIEW_REFERRALS)
def end_saved_view(request: ActingRequest, view: int) -> HttpResponse:
    found = get_object_or_404(SavedView.objects.visible_to(request.membership), pk=view)
    try:
        actions.end_view(view=found, by=request.membership)
    except ViewIsOthers as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The view is deleted. The referrals on it are as they were.")
    return redirect("saved_views")
