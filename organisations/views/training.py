"""Who may act as a First Responder: kept by managers, seen by each, counted for all."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from organisations import actions, coverage
from organisations.access import ActingRequest, requires
from organisations.forms.base import YES_NO, act
from organisations.forms.training import (
    ModuleForm,
    PolicyForm,
    TrainingForm,
    WithdrawTrainingForm,
)
from organisations.models import Membership, ResponderPolicy, Training, TrainingModule
from organisations.pages import training as pages
from organisations.roles import Permission

FACTS = ("name", "publisher", "source", "checked_on", "good_for_days")


@requires(Permission.KEEP_TRAINING)
def training(request: ActingRequest, member: int) -> HttpResponse:
    """A colleague's mark as First Responder, and their trainings."""
    found = _colleague(request, member)
    form = TrainingForm(
        request.POST or None,
        now=request.now,
        modules=pages.modules_of(request.membership),
        initial={"first_responder_since": found.first_responder_since},
        cancel_url=reverse("members"),
    )
    if form.is_valid():
        actions.record_training(
            member=found, by=request.membership, now=request.now, **form.cleaned_data
        )
        messages.success(request, f"Saved for {found.user.name}.")
        return redirect("members")
    rows = found.trainings.select_related("module")
    page = {"form": form, "member": found, "trainings": pages.completed(rows, now=request.now)}
    return render(request, "organisations/training.html", page)


@requires(Permission.KEEP_TRAINING)
def withdraw(request: ActingRequest, member: int, completed: int) -> HttpResponse:
    """A training that was recorded by mistake."""
    of = _colleague(request, member)
    found = get_object_or_404(of.trainings.select_related("membership"), pk=completed)
    back = reverse("training", args=[of.pk])
    form = WithdrawTrainingForm(request.POST or None, cancel_url=back)
    if form.is_valid():
        why = Training.Why(form.cleaned_data["why"])
        actions.withdraw_training(training=found, why=why, by=request.membership, now=request.now)
        messages.success(request, "Withdrawn. It stays on the list, struck through.")
        return redirect(back)
    page = {"form": form, "member": of, "training": found}
    return render(request, "organisations/training_withdraw.html", page)


@requires(Permission.KEEP_TRAINING)
def who_may_act(request: ActingRequest) -> HttpResponse:
    """Of one's own organisation: who may act today, until when, and what is asked of them."""
    page = {
        "coverage": pages.coverage(request.membership, now=request.now),
        "modules": pages.modules_of(request.membership),
        "policy": pages.policy_page(request.membership),
    }
    return render(request, "organisations/who_may_act.html", page)


@requires(Permission.RECORD_WAIT_EVENT)
def own(request: ActingRequest) -> HttpResponse:
    """One's own training, and when it ends."""
    page = {"page": pages.own_training(request.membership, now=request.now)}
    return render(request, "organisations/own_training.html", page)


@requires(Permission.KEEP_TRAINING)
def policy(request: ActingRequest) -> HttpResponse:
    """What happens where somebody untrained records First Responders' work."""
    page = pages.policy_page(request.membership)
    form = PolicyForm(
        request.POST or None,
        initial={"policy": page.policy},
        cancel_url=reverse("who_may_act"),
    )
    if form.is_valid():
        chosen = ResponderPolicy.Policy(form.cleaned_data["policy"])
        actions.choose_responder_policy(policy=chosen, by=request.membership, now=request.now)
        messages.success(request, "Saved.")
        return redirect("who_may_act")
    return render(request, "organisations/responder_policy.html", {"form": form, "page": page})


@requires(Permission.KEEP_TRAINING)
def add_module(request: ActingRequest) -> HttpResponse:
    """One that the organisation asks for besides."""
    return _module(request, None, back="who_may_act")


@requires(Permission.KEEP_TRAINING)
def change_module(request: ActingRequest, module: int) -> HttpResponse:
    return _module(request, _own_module(request, module), back="who_may_act")


@require_POST
@requires(Permission.KEEP_TRAINING)
def end_module(request: ActingRequest, module: int) -> HttpResponse:
    return _end(request, _own_module(request, module), back="who_may_act")


@requires(Permission.MANAGE_REGISTER)
def register(request: ActingRequest) -> HttpResponse:
    """The modules that everybody is asked for, and how many may act: no names."""
    rows = coverage.counts(now=request.now)
    page = {
        "rows": rows,
        "nations": coverage.by_nation(rows),
        "modules": pages.modules_of(request.membership),
    }
    return render(request, "organisations/training_register.html", page)


@requires(Permission.MANAGE_REGISTER)
def add_published(request: ActingRequest) -> HttpResponse:
    return _module(request, None, back="training_register")


@requires(Permission.MANAGE_REGISTER)
def change_published(request: ActingRequest, published: int) -> HttpResponse:
    return _module(request, _published(request, published), back="training_register")


@require_POST
@requires(Permission.MANAGE_REGISTER)
def end_published(request: ActingRequest, published: int) -> HttpResponse:
    return _end(request, _published(request, published), back="training_register")


def _colleague(request: ActingRequest, pk: int) -> Membership:
    return get_object_or_404(
        Membership.objects.visible_to(request.membership).active().select_related("user"), pk=pk
    )


def _own_module(request: ActingRequest, pk: int) -> TrainingModule:
    """One that one's organisation keeps, and that is still asked for."""
    own = request.membership.organisation_id
    return get_object_or_404(
        TrainingModule.objects.visible_to(request.membership).offered(), pk=pk, organisation=own
    )


def _published(request: ActingRequest, pk: int) -> TrainingModule:
    """One that everybody is asked for."""
    return get_object_or_404(
        TrainingModule.objects.visible_to(request.membership).for_all().offered(), pk=pk
    )


def _module(request: ActingRequest, row: TrainingModule | None, *, back: str) -> HttpResponse:
    initial = {fact: getattr(row, fact) for fact in FACTS} if row else {}
    if row:
        initial["required"] = YES_NO[row.required]
    form = ModuleForm(
        request.POST or None, now=request.now, initial=initial, cancel_url=reverse(back)
    )
    if form.is_valid() and act(form, lambda: _save(request, row, form)):
        messages.success(request, "Saved.")
        return redirect(back)
    page = {"form": form, "module": row, "back": reverse(back)}
    return render(request, "organisations/training_module.html", page)


def _save(request: ActingRequest, row: TrainingModule | None, form: ModuleForm) -> None:
    said = actions.Module(**form.cleaned_data)
    if row is None:
        actions.add_module(module=said, by=request.membership, now=request.now)
    else:
        actions.change_module(row=row, module=said, by=request.membership, now=request.now)


def _end(request: ActingRequest, row: TrainingModule, *, back: str) -> HttpResponse:
    actions.end_module(row=row, by=request.membership, now=request.now)
    messages.success(request, f"{row} is asked of nobody any more.")
    return redirect(back)
