from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.actions import Becomes
from referrals.forms.base import act
from referrals.forms.day import TaskForm
from referrals.models import Referral, Task
from referrals.pages.tasks import all_tasks
from referrals.views.acting import form_about, key_of, url_of, with_a_key

SAID = {
    Becomes.DONE: "Done: {}",
    Becomes.GIVEN_UP: "Given up: {}",
    Becomes.OPEN: "Open again: {}",
}
LISTS = ("today", "tasks")  # pages that a press on a task comes back to


@requires(Permission.PLAN_WORK)
def tasks(request: ActingRequest) -> HttpResponse:
    page = all_tasks(request.membership, now=request.now)
    return render(request, "referrals/tasks.html", {"page": page})


@requires(Permission.PLAN_WORK)
def new_task(request: ActingRequest) -> HttpResponse:
    """The organisation's own."""
    if request.method != "POST" and key_of(request) is None:
        return with_a_key(request)
    return _make(request, None)


@requires(Permission.PLAN_WORK)
@form_about
def task_about(request: ActingRequest, referral: Referral) -> HttpResponse:
    return _make(request, referral)


@require_POST
@requires(Permission.PLAN_WORK)
def task(request: ActingRequest, task: int) -> HttpResponse:
    """One press: done, given up, or open again."""
    found = get_object_or_404(
        Task.objects.visible_to(request.membership).select_related("referral"), pk=task
    )
    asked = request.POST.get("becomes", "")
    becomes = Becomes(asked) if asked in set(Becomes) else Becomes.DONE
    actions.change_task(task=found, becomes=becomes, by=request.membership, now=request.now)
    messages.success(request, SAID[becomes].format(found.words))
    came_from = request.POST.get("from", "")
    return redirect(came_from if came_from in LISTS else _home(found.referral))


def _make(request: ActingRequest, referral: Referral | None) -> HttpResponse:
    form = TaskForm(
        request.POST or None,
        membership=request.membership,
        now=request.now,
        initial={"key": key_of(request)},
        cancel_url=_home(referral),
    )
    if form.is_valid() and act(
        form,
        lambda: actions.make_task(
            referral=referral,
            words=form.cleaned_data["words"],
            due_on=form.cleaned_data["due_on"],
            caseworker=form.cleaned_data["caseworker"],
            by=request.membership,
            now=request.now,
            key=form.sent_key,
        ),
    ):
        messages.success(request, "The task is on the list.")
        return redirect(_home(referral))
    return render(request, "referrals/task.html", {"form": form, "referral": referral})


def _home(referral: Referral | None) -> str:
    return url_of(referral) if referral else reverse("tasks")
