"""Applications of the demonstration: one that may be named, one that may not, one that has only
asked. All of it is invented."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.database import context
from organisations.actions import (
    Facts,
    Happened,
    HowFar,
    Word,
    add_organisation,
    log_correspondence,
    record_application,
    record_stage,
    say_naming,
    send_message,
    write_checklist,
)
from organisations.models import Application, Criterion, Membership, Organisation

SOURCE = "Invented for the demonstration"
# Stage and how many days ago.
LANTERN = (("acknowledged", 612), ("considered", 430), ("asked", 210), ("answered", 188))
SAID = (
    (612, "from_home_office", "email", "They have the application. No date for a decision."),
    (320, "to_home_office", "email", "Asked how long it will take."),
    (210, "from_home_office", "letter", "They ask for our policy on data protection, and rotas."),
    (188, "to_home_office", "email", "Sent the policy and the rotas of the last six months."),
    (61, "to_home_office", "telephone", "Asked whether anything is missing. Nobody could say."),
)
# Line of the checklist, state, what they have, evidence; the others are not begun.
CHECKLIST = (
    (0, "done", "All six of us are vetted.", "List of certificates, held by the manager"),
    (
        1,
        "done",
        "Policy of this spring; the manager leads.",
        "https://lantern.example/safeguarding",
    ),
    (2, "done", "Impact assessment signed in May.", "https://lantern.example/data"),
    (3, "in_hand", "Four of six have done both e-learning modules.", ""),
    (5, "in_hand", "Three interviews a week. Nobody pays for them yet.", ""),
)


def say_of_applications(
    lantern: Organisation, manager: Membership, administrator: Membership, *, now: datetime
) -> None:
    """In the context of the administrator."""
    _apply(lantern, administrator, days_ago=640, named=True, stages=LANTERN, now=now)
    saltmarsh = _organisation("Saltmarsh Project (fictitious)", administrator, now=now)
    stages = (("acknowledged", 395), ("paused", 280))
    _apply(saltmarsh, administrator, days_ago=410, named=False, stages=stages, now=now)
    quarry = _organisation("Quarry Lane Advice (fictitious)", administrator, now=now)
    _record(quarry, administrator, "interest", 45, now=now)
    with context(user=manager.user_id, organisation=lantern.pk):
        _prepare(lantern, manager, now=now)
    send_message(
        organisation=lantern,
        text="We recorded what you sent in answer. Please add any letter that comes.",
        by=administrator,
        now=now - timedelta(days=180),
    )


def _organisation(name: str, administrator: Membership, *, now: datetime) -> Organisation:
    facts = Facts(name=name, kind="charity", nations=["england"])
    return add_organisation(facts=facts, by=administrator, now=now)


def _apply(
    organisation: Organisation,
    administrator: Membership,
    *,
    days_ago: int,
    named: bool,
    stages: Sequence[tuple[str, int]],
    now: datetime,
) -> None:
    record_application(
        organisation=organisation,
        submitted_on=london_date(now) - timedelta(days=days_ago),
        source=SOURCE,
        may_be_named=named,
        version=organisation.version,
        by=administrator,
        now=now,
    )
    for stage, ago in stages:
        _record(organisation, administrator, stage, ago, now=now)


def _record(
    organisation: Organisation, administrator: Membership, stage: str, ago: int, *, now: datetime
) -> None:
    on = london_date(now) - timedelta(days=ago)
    happened = Happened(stage=stage, happened_on=on, known_on=on + timedelta(days=2), source=SOURCE)
    record_stage(organisation=organisation, happened=happened, by=administrator, now=now)


def _prepare(lantern: Organisation, manager: Membership, *, now: datetime) -> None:
    """The applicant's own: what was said, how far it is, whether it may be named, a message."""
    application, today = Application.objects.get(organisation=lantern), london_date(now)
    for ago, direction, channel, gist in SAID:
        word = Word(on=today - timedelta(days=ago), direction=direction, channel=channel, gist=gist)
        log_correspondence(application=application, word=word, by=manager, now=now)
    lines = list(Criterion.objects.standing())
    for number, state, words, evidence in CHECKLIST:
        how_far = HowFar(state=state, words=words, evidence=evidence)
        write_checklist(criterion=lines[number], how_far=how_far, version=0, by=manager, now=now)
    say_naming(
        application=application,
        given=True,
        on=today - timedelta(days=300),
        told="Decision of the trustees, held by the manager",
        by=manager,
        now=now,
    )
    send_message(
        organisation=lantern,
        text="Is there any news of when applications will be decided?",
        by=manager,
        now=now - timedelta(days=3),
    )
