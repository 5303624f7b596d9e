"""Two organisations that must not learn of each other, and what one of them has to hide."""

import html
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import TypeVar
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.apps import apps
from django.db import connection, models
from django.http import HttpResponse
from django.test import Client

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.actions import (
    Module,
    Said,
    add_module,
    choose_responder_policy,
    close_office,
    invite,
    record_training,
    say_capacity,
)
from organisations.models import (
    Application,
    ApplicationMessage,
    ChecklistEntry,
    Closure,
    Correspondence,
    Criterion,
    Invitation,
    Membership,
    NamingConsent,
    Organisation,
    ResponderPolicy,
    StageEntry,
    Training,
    TrainingModule,
)
from referrals.actions import (
    HarmSaid,
    Meeting,
    Proposal,
    Spent,
    add_note,
    arrange_cover,
    ask_to_take,
    deliver_notices,
    issue_proof,
    link_referrals,
    log_effort,
    make_appointment,
    make_task,
    newest_version,
    open_in_emergency,
    record_harm,
    record_wait_events,
    restrict_referral,
    save_view,
    set_rate,
    show_interest,
    start_draft,
    sweep,
    write_page,
)
from referrals.links import RELATIONS, said
from referrals.models import (
    Appointment,
    Cover,
    Delay,
    DelayFlag,
    Effort,
    Escalation,
    HandOver,
    Harm,
    ImportRun,
    Link,
    NamedStaff,
    Note,
    Notice,
    Proof,
    Referral,
    Restriction,
    SavedView,
    TakenUp,
    Task,
    WaitEvent,
)
from reporting.models import WhatIf
from tests import factories
from tests.support import signed_in_client

WALLS, FIRST_ALONE = (
    pytest.mark.parametrize("walls", names, indirect=True, scope="module")
    for names in (["both walls", "the first alone"], ["the first alone"])
)
# Words that stand only in Riverside's rows; none may reach anybody else, a title, a URL or a log.
PSEUDONYM, STORY, OWN_REFERENCE = "Quagga", "zephyr wrote a letter", "RIV-quincunx-1"
VIEW, APPLIED = "Quillwort in Wales", "xylem trustees"  # what everybody at Riverside may see


T = TypeVar("T")


@dataclass(frozen=True)
class World:
    """Riverside has a referral with everything on it; Northgate has one of its own."""

    riverside: factories.Acting
    northgate: factories.Acting
    lead: Membership
    administrator: Membership
    referral: Referral
    rows: dict[str, object]  # of Riverside, by the name of the parameter in a path
    own_rows: dict[str, object]  # of Northgate

    @property
    def secrets(self) -> list[str]:
        staff = [m.user.email for m in (self.riverside.caseworker, self.riverside.manager)]
        words = [PSEUDONYM, STORY, OWN_REFERENCE, VIEW, APPLIED, self.referral.reference]
        return [*words, *staff]

    def client(self, membership: Membership) -> Client:
        client = signed_in_client(membership.user)
        client.raise_request_exception = False
        return client


def build(*, now: datetime) -> World:
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    northgate = factories.organisation("Northgate Trust (fictitious)", "northgate")
    referral = _referral(riverside, PSEUDONYM, OWN_REFERENCE, now=now)
    other = _referral(northgate, "Heron", "NOR-1", now=now)
    sweep(now=now)
    deliver_notices(now=now)
    for each in (referral, other):
        pass_on(each, now=now)
    administrator = factories.administrator()
    draft = _draft(administrator, now=now)
    return World(
        riverside,
        northgate,
        factories.safeguarding_lead(riverside),
        administrator,
        referral,
        _rows(riverside, referral) | _restricted(riverside, now=now) | draft,
        _rows(northgate, other) | _restricted(northgate, now=now) | draft,
    )


def _draft(administrator: Membership, *, now: datetime) -> dict[str, object]:
    """A change of a threshold: nobody's but the oversight's."""
    base = newest_version(rule="entry-wait")
    assert base
    definition = base.definition | {"title": "The way in, changed"}
    with factories.acts(administrator):
        draft = start_draft(
            base=base,
            proposal=Proposal(definition=definition, effective_on=None, reason="To see it"),
            by=administrator,
            now=now,
        )
    return {"draft": draft.pk}


def _referral(
    acting: factories.Acting, pseudonym: str, own_reference: str, *, now: datetime
) -> Referral:
    """Known for a month, several limits gone; the last one rang a bell since."""
    contact, danger = now - timedelta(days=30), now - timedelta(hours=5)
    made = factories.referral(
        acting, contact=contact, pseudonym=pseudonym, own_reference=own_reference
    )
    story = STORY if pseudonym == PSEUDONYM else "nothing to hide"
    risk = factories.happening(
        "risk_flag_added", danger, risk="still_in_exploitation", detail=story
    )
    factories.record(acting, made, risk, now=danger)
    plan(acting, made, story, now=danger)
    return made


def _restricted(acting: factories.Acting, *, now: datetime) -> dict[str, object]:
    """A referral that only the caseworker sees, and the manager, who opened it in an emergency."""
    made = factories.referral(acting, contact=now - timedelta(hours=1), pseudonym="Linden", now=now)
    member = acting.caseworker
    with acting.context():
        restrict_referral(referral=made, why="asked", named=[member.user_id], by=member, now=now)
    with acting.context(acting.manager):
        standing = Restriction.objects.get(referral=made.pk)
        open_in_emergency(restriction=standing, reason="in danger", by=acting.manager, now=now)
        named = NamedStaff.objects.get(referral=made.pk, user=acting.manager.user_id)
        run = ImportRun.objects.create(
            organisation=acting.organisation,
            by=acting.manager.user,
            uploaded_at=now,
            state="done",
            imported_at=now,
        )
    return {"restricted": made.reference, "named": named.pk, "run": run.pk}


def plan(acting: factories.Acting, referral: Referral, story: str, *, now: datetime) -> None:
    """Notes, pages, a task, an appointment, cover and a plan for a delay, each with the story
    where it takes words."""
    by, today = acting.caseworker, london_date(now)
    meeting = Meeting(at=now + timedelta(days=2), purpose="other", place=story)
    with acting.context():
        add_note(referral=referral, words=story, by=by, now=now)
        for page in ("staying", "background"):
            answers = {"town_words": story, "notes": story}
            write_page(
                referral=referral,
                page=page,
                answers=answers,
                state="in_progress",
                by=by,
                now=now,
            )
        make_task(
            referral=referral, words=story, due_on=today, caseworker=by.user_id, by=by, now=now
        )
        make_appointment(referral=referral, meeting=meeting, by=by, now=now)
        TakenUp.objects.create(
            referral=referral,
            rule="interview",
            started_by=WaitEvent.objects.filter(referral=referral).earliest("id"),
            severity="amber",
            reason=TakenUp.Reason.OTHER,
            action=story,
            review_on=today,
            by=by.user,
            at=now,
            version=referral.version,
        )
        consent = factories.happening("consent_recorded", now, consent_type="sharing")
        record_wait_events(referral=referral, happenings=[consent], by=by, now=now)
        harm = HarmSaid(kind="other", happened_on=today, known_on=today, what=story, done=story)
        record_harm(referral=referral, said=harm, by=by, now=now)
        issue_proof(
            referral=referral,
            addressed_to=Proof.For.REPRESENTATIVE,
            safe_to_keep=False,
            by=by,
            now=now,
        )
        sister = factories.referral(acting, contact=now, now=now, pseudonym="Larch")
        link_referrals(
            said=said(referral, sister, relation=RELATIONS["sibling"], danger="this"),
            by=by,
            now=now,
        )
        arrange_cover(
            away=by.user_id,
            covered_by=acting.manager.user_id,
            first_on=today,
            last_on=today + timedelta(days=2),
            by=by,
            now=now,
        )
        save_view(
            name=VIEW if story == STORY else "Other",
            filters="nation=wales",
            shared=True,
            by=by,
            now=now,
        )
    asked(acting, referral, now=now)
    with acting.context(acting.manager):
        WhatIf.objects.create(
            organisation=acting.organisation,
            asked_by=acting.manager.user,
            asked_at=now,
            history={},
            more=2,
            begins=0,
            seed=1,
        )
        close_office(first_on=today, last_on=today, why="Training", by=acting.manager, now=now)
        room = Said(state="open", since=today, next_free_on=today)
        say_capacity(said=room, version=0, by=acting.manager, now=now)
        spend(acting, referral, now=now)
    invited(acting, now=now)
    applied(acting, APPLIED if story == STORY else "nothing to hide", now=now)


def spend(acting: factories.Acting, referral: Referral, *, now: datetime) -> None:
    """Half an hour of it is logged, an hour has a price, and the caseworker is trained. Who is
    not may record all the same, which is chosen."""
    by, today = acting.manager, london_date(now)
    log_effort(
        referral=referral,
        spent=Spent(kind="interview", day=today, minutes=30),
        by=by,
        now=now,
    )
    set_rate(kind="", pence_an_hour=2000, valid_from=today, by=by, now=now)
    module = add_module(
        module=Module(name="Safe interviews", good_for_days=365, required=False), by=by, now=now
    )
    record_training(
        member=acting.caseworker,
        first_responder_since=today,
        trained_on=today,
        module=module,
        by=by,
        now=now,
    )
    for policy in (ResponderPolicy.Policy.REFUSE, ResponderPolicy.Policy.WARN):
        choose_responder_policy(policy=policy, by=by, now=now)


def invited(acting: factories.Acting, *, now: datetime) -> None:
    """Somebody was asked to join, and has not answered."""
    domain = f"{acting.organisation.slug}.example"
    with purpose("nrm_register"):
        here = Organisation.objects.filter(pk=acting.organisation.pk)
        here.update(email_domains=[domain])
        organisation = here.get()
    with acting.context(acting.manager):
        invite(
            organisation=organisation,
            email=f"invited@{domain}",
            name="Thorn Invited",
            role="caseworker",
            by=acting.manager,
            now=now,
        )


def applied(acting: factories.Acting, words: str, *, now: datetime) -> None:
    """It applied before it was designated, and something was written on the way."""
    today, by = london_date(now), acting.manager.user
    own = {"organisation": acting.organisation, "side": "applicant"}
    recorded = {"recorded_by": by, "recorded_at": now}
    with purpose("nrm_register"):
        made = Application.objects.create(
            organisation=acting.organisation, submitted_on=today, source="letter", **recorded
        )
    about = own | {"application": made} | recorded
    with acting.context(acting.manager):
        StageEntry.objects.create(
            stage="submitted", happened_on=today, known_on=today, words=words, **about
        )
        Correspondence.objects.create(
            on=today, direction="to_home_office", channel="letter", gist=words, **about
        )
        NamingConsent.objects.create(given=False, on=today, told="said so", **about)
        ApplicationMessage.objects.create(text=words, sent_by=by, sent_at=now, **own)
        ChecklistEntry.objects.create(
            organisation=acting.organisation,
            criterion=Criterion.objects.earliest("id"),
            number=1,
            state="done",
            words=words,
            written_by=by,
            written_at=now,
        )


def asked(acting: factories.Acting, referral: Referral, *, now: datetime) -> None:
    """Somebody else was asked to take it, is interested, and asks to take one of theirs."""
    slug = f"asked-by-{acting.organisation.slug}"
    other = factories.organisation(f"Asked by {acting.organisation}", slug)
    with acting.context():
        [row] = ask_to_take(
            referral=referral, organisations=[other.organisation], by=acting.caseworker, now=now
        )
    agreed = factories.happening("consent_recorded", now, consent_type="sharing")
    theirs = factories.referral(other, contact=now, now=now, events=[agreed], pseudonym="Juniper")
    with other.context():
        show_interest(hand_over=row, by=other.caseworker, now=now)
        ask_to_take(
            referral=theirs, organisations=[acting.organisation], by=other.caseworker, now=now
        )


def pass_on(referral: Referral, *, now: datetime) -> None:
    """A delay of it went to the manager."""
    with purpose("nrm_sweep"):
        flag = DelayFlag.objects.filter(referral=referral.pk).first()
        Escalation.objects.create(referral_id=referral.pk, flag=flag, step=1, since=now, at=now)


def _rows(acting: factories.Acting, referral: Referral) -> dict[str, object]:
    with acting.context():
        return {
            "reference": referral.reference,
            "event": WaitEvent.objects.filter(referral=referral).latest("id").pk,
            "delay": Delay.objects.filter(referral=referral).first().pk,
            "notice": Notice.objects.filter(user=acting.caseworker.user_id).first().pk,
            "note": Note.objects.get(referral=referral).pk,
            "asked": HandOver.objects.get(receiver=acting.organisation).pk,
            "hand_over": HandOver.objects.get(referral=referral).pk,
            "harm": Harm.objects.get(referral=referral).pk,
            "proof": Proof.objects.get(referral=referral).pk,
            "link": Link.objects.get(referral=referral).pk,
            "task": Task.objects.get(referral=referral).pk,
            "appointment": Appointment.objects.get(referral=referral).pk,
            "member": acting.caseworker.pk,
            "invitation": Invitation.objects.waiting().get(organisation=acting.organisation).pk,
            "cover": Cover.objects.get(organisation=acting.organisation).pk,
            "view": SavedView.objects.get(organisation=acting.organisation).pk,
            "what_if": WhatIf.objects.get(organisation=acting.organisation).pk,
            "completed": Training.objects.get(membership=acting.caseworker).pk,
            "module": TrainingModule.objects.get(organisation=acting.organisation).pk,
            "effort": Effort.objects.get(referral=referral).pk,
            "closure": Closure.objects.get(organisation=acting.organisation).pk,
            "application": Application.objects.get(organisation=acting.organisation).pk,
            "entry": StageEntry.objects.get(organisation=acting.organisation).pk,
            "letter": Correspondence.objects.get(organisation=acting.organisation).pk,
        }


def everything_of(acting: factories.Acting) -> dict[str, list[object]]:
    """All rows that the organisation's caseworker may see, to compare before and after."""
    with acting.context():
        return {
            model.__name__: sorted(map(in_letters, model.objects.values_list()))
            for model in apps.get_app_config("referrals").get_models()
            if not model.__name__.endswith("History") and _leads_to_somebody(model)
        }


def in_letters(row: tuple[object, ...]) -> str:
    return str([bytes(each) if isinstance(each, memoryview) else each for each in row])


def _leads_to_somebody(model: type[models.Model]) -> bool:
    return any(field.name in {"referral", "holder", "organisation"} for field in model._meta.fields)


def seen(response: HttpResponse, *, path: str) -> tuple[object, ...]:
    """What a stranger can tell from an answer: all but the address they sent and the tokens."""
    body = response.content.decode(errors="replace")
    body = re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", body)
    for name in ("Location", "Content-Type", "Allow"):
        body += f"\n{name}: {response.headers.get(name)}"
    reference = re.search(r"R-\w{4}-\w{4}", path)
    for own in filter(None, (path, reference and reference[0])):
        body = body.replace(own, "…").replace(html.escape(own), "…")
    return response.status_code, body


class FormOnPage(HTMLParser):
    """The fields of a page's forms, filled as they stand; first choices where one must be made."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.select = ""
        if response.headers.get("Content-Type", "").startswith("text/html"):
            self.feed(response.content.decode(errors="replace"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and not self.fields.get(self.select):
            self.fields[self.select] = given.get("value", "")
        elif tag == "textarea":
            self.fields[name] = "taken"
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            self.fields[name] = self.fields.get(name) or given.get("value") or _typed(name)


def _typed(name: str) -> str:
    return {"_0": "23", "_1": "11", "_2": "2026", "_3": "09:00"}.get(name[-2:], "taken")


@contextmanager
def as_owner() -> Iterator[psycopg2.extensions.cursor]:
    """The test's database as nrm_owner, past row-level security as migrations go past it."""
    url = urlsplit(os.environ["DATABASE_OWNER_URL"])
    name = connection.settings_dict["NAME"]
    address = url._replace(path=f"/{name}").geturl()
    with closing(psycopg2.connect(address)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("SET LOCAL nrm.migrating = on")
        yield cursor


def behind(walls: str, make: Callable[[], T]) -> Callable[[], T]:
    """What makes a world with the second wall, or without it."""

    def made() -> T:
        if walls == "the first alone":
            assert "referrals_referral" in switch_second_wall_off()
        return make()

    return made


def switch_second_wall_off() -> list[str]:
    """No table has row-level security any more; the names of those that had."""
    with as_owner() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY relname")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    return tables


def scoped_models() -> list[type[models.Model]]:
    """The models that have `visible_to`."""
    return [model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")]
