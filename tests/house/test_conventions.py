"""The habits of this codebase, as tests: each fails with the place that departs from it.

A list of exceptions here is complete: an entry that is no longer needed fails as well.
"""

import ast
import inspect
import re
from pathlib import Path

import pytest
from celery.schedules import crontab
from celery.schedules import schedule as interval
from django.apps import apps
from django.conf import settings
from django.db import models

import organisations.actions
import referrals.actions
from nrm_tracker.celery import app as celery
from tests.house.routes import routes
from tests.house.source import APPS, ROOT, modules, read_side, views

OUR_MODELS = [m for name in APPS for m in apps.get_app_config(name).get_models()]

# Public to read: the register and the thresholds.
REGISTER = {"Organisation", "Designation", "Application", "RegisterQuestion", "ThresholdVersion"}
REGISTER |= {"RestDay", "Closure", "Alias", "ContactRoute", "ErrorReport", "Listing"}
REGISTER |= {"Proposal", "PublishedFact", "Capacity", "Criterion", "RecruitmentRound"}
# Reached by what is already visible, or across organisations on purpose. Each says why.
BARE_OBJECTS = {
    (
        "organisations/pages/__init__.py",
        "User",
    ): "the names of those who recorded public entries",
    ("organisations/pages/capacity.py", "kept"): "the history of one's own organisation",
    (
        "organisations/pages/capacity.py",
        "User",
    ): "the names of those who said it, of one's own trail",
    ("organisations/pages/applying.py", "User"): "the names of those who recorded something of it",
    ("organisations/pages/preparing.py", "User"): "the names of those who wrote",
    ("organisations/pages/changes.py", "User"): "the names of those who changed them",
    ("organisations/pages/changes.py", "kept"): "the history of public entries",
    ("organisations/pages/waiting.py", "User"): "the names of those who recorded evidence",
    ("reporting/what_if/asking.py", "WhatIf"): "what anybody asked, as nrm_figures",
    ("reporting/what_if/history.py", "Custody"): "of referrals that are visible",
    ("reporting/what_if/history.py", "WaitEvent"): "of referrals that are visible",
    ("reporting/cost.py", "Custody"): "one's own shares of waits, counted",
    ("reporting/register.py", "Referral"): "figures of everybody, as nrm_figures",
    (
        "referrals/pages/conflict.py",
        "User",
    ): "the names of those who changed it",
    ("referrals/pages/conflict.py", "TakenUp"): "of a referral that is in hand",
    ("referrals/pages/delays.py", "TakenUp"): "of a referral that is in hand",
    ("referrals/pages/plans.py", "TakenUp"): "of a referral that is in hand",
    (
        "referrals/pages/drafts.py",
        "Reassessment",
    ): "how far the sweep is, for who may approve",
    ("referrals/pages/drafts.py", "Referral"): "how many there are, as nrm_figures",
    ("referrals/pages/delayed.py", "Referral"): "the shell's `delays`, as nrm_sweep",
    ("referrals/pages/person.py", "User"): "the names of those who looked, of one's own trail",
    ("referrals/pages/shares.py", "Custody"): "of a referral that is in hand",
    ("referrals/pages/referral.py", "Custody"): "of a referral that is in hand",
    (
        "referrals/pages/rest_days.py",
        "Referral",
    ): "figures of everybody, as nrm_figures and nrm_sweep",
}
CLOCKS = {"now", "utcnow", "today", "time", "localtime", "localdate", "monotonic"}
CLOCK_OWNERS = {"database", "timezone", "datetime", "date", "time"}
# Besides the middleware, the tasks' and commands' first lines and the supervisor of the servers.
CLOCK_READERS = {"accounts/adapters.py": "how long ago the library noted a second factor"}
# Bookkeeping by which nothing is judged.
DATABASE_CLOCK_READERS = {"accounts/models.py", "referrals/models/threshold.py"}
BARE_TEMPLATES = re.compile(
    r"(allauth/layouts/base|bare|base|(4|5)\d\d|account/(danger|form)|design)\.html$"
)


def objects_of(module) -> list[tuple[ast.Attribute, str, str]]:
    """Each `Model.objects.method`: the node, the model's name, the method's."""
    return [
        (node, node.value.value.id, node.attr)
        for node in module.nodes(ast.Attribute)
        if isinstance(node.value, ast.Attribute)
        and node.value.attr in {"objects", "_default_manager"}
        and isinstance(node.value.value, ast.Name)
    ]


def test_a_view_reaches_rows_through_the_membership_or_the_public_register() -> None:
    assert len(views()) > 12
    assert [
        module.at(node)
        for module in views()
        for node, model, method in objects_of(module)
        if method != "visible_to" and model not in REGISTER
    ] == []


def test_what_pages_show_is_reached_through_the_membership_too() -> None:
    bare = {
        (module.path, model)
        for module in read_side()
        for _, model, method in objects_of(module)
        if method != "visible_to" and model not in REGISTER
    }
    assert bare == set(BARE_OBJECTS)


def test_managers_are_not_handed_around_in_views() -> None:
    """`Model.objects` is followed by a method at once, so that the test above sees it."""
    wrong = [
        module.at(node)
        for module in read_side()
        for node in module.nodes(ast.Call)
        for argument in node.args
        if isinstance(argument, ast.Attribute) and argument.attr in {"objects", "_default_manager"}
    ]
    lookups = [
        module.at(node)
        for module in views()
        for node in module.nodes(ast.Call)
        if ast.unparse(node.func) in {"get_object_or_404", "get_list_or_404"}
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id not in REGISTER
    ]
    assert wrong + lookups == []


def reads_a_clock(path: str) -> bool:
    return (
        path == "nrm_tracker/middleware.py"
        or path.endswith("/tasks.py")
        or "/management/commands/" in path
        or path.startswith("nrm_tracker/local/")
    )


def test_time_is_an_argument() -> None:
    readers = {
        module.path
        for module in modules()
        for node in module.nodes(ast.Attribute)
        if node.attr in CLOCKS
        and isinstance(node.value, ast.Name)
        and node.value.id in CLOCK_OWNERS
        and not reads_a_clock(module.path)
    }
    assert readers == set(CLOCK_READERS)


def test_the_databases_clock_is_not_read_either() -> None:
    readers = {
        module.path
        for module in modules()
        for node in module.nodes(ast.Call)
        if ast.unparse(node.func).rpartition(".")[2] == "Now"
        or any(k.arg in {"auto_now", "auto_now_add"} for k in node.keywords)
    }
    assert readers == DATABASE_CLOCK_READERS


def test_a_clock_is_read_once_at_most() -> None:
    """A task, a command or a request happens at one instant."""
    for module in modules():
        if not reads_a_clock(module.path) or module.path.startswith("nrm_tracker/local/"):
            continue
        for function in module.nodes(ast.FunctionDef):
            clocks = {"timezone.now()", "database.now()"}
            readings = [n for n in ast.walk(function) if ast.unparse(n) in clocks]
            assert len(readings) <= 1, module.at(function)


def test_beat_knows_intervals_and_no_hours_of_the_day() -> None:
    schedules = [entry["schedule"] for entry in celery.conf.beat_schedule.values()]
    assert schedules
    assert [s for s in schedules if isinstance(s, crontab)] == []
    assert all(isinstance(s, interval) or s.total_seconds() > 0 for s in schedules)
    named = [
        module.at(node)
        for module in modules()
        for node in module.nodes(ast.Import, ast.ImportFrom)
        if "crontab" in ast.unparse(node) or "solar" in ast.unparse(node)
    ]
    assert named == []


def test_tasks_take_ids_alone_and_beat_sends_nothing() -> None:
    celery.loader.import_default_modules()
    ours = {n: task for n, task in celery.tasks.items() if n.partition(".")[0] in APPS}
    assert ours
    kinds = {
        (name, parameter.name)
        for name, task in ours.items()
        for parameter in inspect.signature(task.run).parameters.values()
        if parameter.annotation not in {int, "int"}
    }
    assert kinds == set()
    entries = celery.conf.beat_schedule.values()
    assert [e for e in entries if e.get("args") or e.get("kwargs")] == []
    assert {e["task"] for e in entries} <= set(ours)
    assert celery.conf.accept_content == ["json"]
    assert celery.conf.task_ignore_result


def test_pages_never_call_the_broker() -> None:
    calls = [
        module.at(node)
        for module in modules()
        for node in module.nodes(ast.Call)
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in {"delay", "apply_async", "send_task"}
    ]
    assert calls == []


def test_there_are_no_signals() -> None:
    assert [
        module.at(node)
        for module in modules()
        for node in module.nodes(ast.Import, ast.ImportFrom)
        if "signals" in ast.unparse(node) or "django.dispatch" in ast.unparse(node)
    ] == []


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model.__name__)
def test_models_keep_no_surprises(model: type[models.Model]) -> None:
    """What is saved is saved as it stands, in no hidden order, and belongs to a real table."""
    overridden = {
        name
        for cls in model.__mro__
        if cls.__module__.partition(".")[0] in APPS
        for name in ("save", "delete", "full_clean", "refresh_from_db")
        if name in vars(cls)
    }
    assert overridden == set()
    assert list(model._meta.ordering) == []
    generic = [f for f in model._meta.private_fields if type(f).__name__ == "GenericForeignKey"]
    assert generic == []


def test_there_is_no_second_door() -> None:
    assert [app for app in settings.INSTALLED_APPS if app.startswith("django.contrib.admin")] == []


def test_views_are_functions() -> None:
    assert [
        module.at(node) for module in views() for node in module.nodes(ast.ClassDef) if node.bases
    ] == []


def test_forms_are_plain() -> None:
    assert [
        module.at(node)
        for module in modules()
        for node in module.nodes(ast.ClassDef)
        if any("ModelForm" in ast.unparse(base) for base in node.bases)
    ] == []


def pages() -> list[Path]:
    """Templates that are a page, not a part of one: those that a view or the library names."""
    folder = ROOT / "templates"
    source = " ".join((ROOT / module.path).read_text() for module in views())
    ours = {name for name in re.findall(r'"([\w/]+\.html)"', source) if (folder / name).exists()}
    library = {
        str(file.relative_to(folder))
        for app in ("account", "mfa")
        for file in (folder / app).rglob("*.html")
    }
    return sorted(folder / name for name in ours | library if not BARE_TEMPLATES.search(name))


def test_every_page_stands_in_the_frame() -> None:
    assert len(pages()) > 25
    framed = '{% extends "base.html" %}'
    assert [p.name for p in pages() if not p.read_text().startswith(framed)] == []


def test_every_page_has_a_title_and_it_names_no_person() -> None:
    title = re.compile(r"{% block (?:full_)?title %}(.*?){% endblock %}", re.DOTALL)
    untitled, personal = [], []
    for page in pages():
        found = title.search(page.read_text())
        if found is None or not found[1].strip():
            untitled.append(page.name)
        elif re.search(r"pseudonym|detail|heading|\.name\b", found[1]):
            personal.append((page.name, found[1]))
    assert untitled == []
    assert personal == []


def test_no_address_can_hold_a_word_about_a_person() -> None:
    """Parameters of our paths are references, ids and codes; free text has no place in one."""
    named = {name for r in routes() if not r.is_the_librarys for name in r.parameters}
    rows = {"reference", "event", "delay", "notice", "note", "task", "appointment", "cover"}
    rows |= {"restricted", "named", "run", "member", "rest_day", "closure", "draft", "harm"}
    rows |= {"proof", "link", "view", "guide", "proposal", "route", "fact", "report", "bulk"}
    rows |= {"hand_over", "asked", "what_if", "completed", "module", "published", "effort"}
    rows |= {"invitation", "token", "application", "entry", "letter", "criterion"}
    assert named <= rows | {"question", "slug", "door", "status", "rule", "part", "section"}


def test_what_is_public_in_actions_is_said_by_name() -> None:
    """The actor is `by`, the clock is `now`, and nothing is told apart by its position."""
    positional = [
        (name, parameter.name)
        for package, names in (
            (referrals.actions, referrals.actions.__all__),
            (organisations.actions, vars(organisations.actions)),
        )
        for name in names
        if inspect.isfunction(function := getattr(package, name))
        and function.__module__.startswith(package.__name__)
        and not name.startswith("_")
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    # the rows that they are about stand first, as in a sentence
    assert {name for name, _ in positional} <= {
        "agreed_terms",
        "compare",
        "reassess",
        "reassess_due_of",
        "said_by",
    }
