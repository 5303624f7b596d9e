"""Somebody leaves: their membership ends, and what they were doing goes to a colleague, or onto the
list of who ends it, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from organisations.actions import close_membership
from organisations.models import Membership
from referrals.actions.covering import arrange_cover
from referrals.actions.locking import lock, lock_all
from referrals.actions.sharing_out import share_out
from referrals.colleagues import check_caseworker
from referrals.errors import NobodyLeft, NotACaseworker
from referrals.holding import (
    cover_ahead,
    duties_ahead,
    open_referrals,
    open_tasks,
    restricted_to,
    restricted_to_nobody_else,
    successors,
    usual_successor,
)
from referrals.models import Cover, Referral, Undertaking


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesOver:
    """Who (ids) takes over: None leaves referrals to nobody, and tasks to who ends the membership;
    of what is restricted, None is a safeguarding lead."""

    everything: int | None = None
    restricted: int | None = None


@transaction.atomic
def end_membership(
    *, member: Membership, takes_over: TakesOver, by: Membership, now: datetime
) -> None:
    """Raises NotACaseworker, NobodyLeft, and what `close_membership` raises."""
    person, successor = member.user_id, takes_over.everything
    if successor is not None:
        _check_successor(successor, member, by=by)
    named = _who_is_named(member, takes_over, by=by)
    close_membership(
        member=member,
        by=by,
        now=now,
        hand_on=lambda: _hand_on(person, successor, named, by=by, now=now),
    )


def _hand_on(
    person: int, successor: int | None, named: int | None, *, by: Membership, now: datetime
) -> None:
    _lock_what_they_hold(person, by=by, now=now)
    if named is not None:
        _pass_on_restricted(person, named, by=by, now=now)
    _pass_on_duties(person, successor, by=by, now=now)
    chosen = dict(open_referrals(person, seen_by=by).values_list("pk", "version"))
    share_out(chosen=chosen, caseworker=successor, by=by, now=now)
    _pass_on_tasks(person, successor or by.user_id, by=by, now=now)
    _pass_on_cover(person, successor, by=by, now=now)


def _lock_what_they_hold(person: int, *, by: Membership, now: datetime) -> None:
    """All of it, before the first thing is noted."""
    held = set(open_referrals(person, seen_by=by).values_list("pk", flat=True))
    held |= set(open_tasks(person, seen_by=by).values_list("referral", flat=True))
    held |= {said.referral_id for said in duties_ahead(person, seen_by=by, now=now)}
    lock_all(*Referral.objects.visible_to(by).filter(pk__in=held))


def _check_successor(successor: int, leaver: Membership, *, by: Membership) -> None:
    check_caseworker(successor, organisation=by.organisation_id)
    if successor == leaver.user_id:
        raise NotACaseworker("Choose somebody else than the person who leaves.")


def _who_is_named(leaver: Membership, takes_over: TakesOver, *, by: Membership) -> int | None:
    """To whom restricted referrals go that nobody else is named on. None: they are on none."""
    if not restricted_to(leaver.user_id, seen_by=by).exists():
        return None
    people = successors(leaver, by=by)
    usual = usual_successor(people)
    chosen = takes_over.restricted or (usual.user_id if usual else None)
    if chosen not in {each.user_id for each in people}:
        alone = restricted_to_nobody_else(leaver.user_id, seen_by=by)
        references = ", ".join(alone.values_list("reference", flat=True))
        raise NobodyLeft(
            f"Choose who may see what is restricted from now on. Nobody else is named on: "
            f"{references or 'none'}."
        )
    return chosen


def _pass_on_restricted(leaver: int, successor: int, *, by: Membership, now: datetime) -> None:
    """By the database: most of them are not for `by` to see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nrm_pass_on_restricted(%s, %s, %s)", [leaver, successor, now])
        passed_on = cursor.fetchall()
    for referral, caseworker, was_named in passed_on:
        if was_named:
            log.record(
                Action.REFERRAL_RESTRICTED,
                by=by,
                now=now,
                referral=referral,
                subject=f"user {successor}",
                reason="left",
            )
        log.record(
            Action.CASEWORKER_CHANGED,
            by=by,
            now=now,
            referral=referral,
            subject=f"user {caseworker}",
            reason="left",
        )


def _pass_on_duties(leaver: int, successor: int | None, *, by: Membership, now: datetime) -> None:
    """Limits out of hours: the successor acts, else whoever is on call."""
    for said in duties_ahead(leaver, seen_by=by, now=now):
        referral = lock(said.referral)
        referral.version += 1
        referral.save(update_fields=["version"])
        Undertaking.objects.create(
            referral=referral,
            rule=said.rule,
            started_by_id=said.started_by_id,
            due_at=said.due_at,
            who=Undertaking.Who.PERSON if successor else Undertaking.Who.ON_CALL,
            person_id=successor,
            by_id=by.user_id,
            at=now,
            version=referral.version,
        )
        log.record(
            Action.WHO_ACTS_SAID, by=by, now=now, referral=referral.pk, fields=["who", "person"]
        )


def _pass_on_tasks(leaver: int, successor: int, *, by: Membership, now: datetime) -> None:
    tasks = list(open_tasks(leaver, seen_by=by).select_for_update(of=("self",)).order_by("pk"))
    for task in tasks:
        task.assigned_to_id = successor
        task.save(update_fields=["assigned_to"])
        log.record(
            Action.TASK_CHANGED,
            by=by,
            now=now,
            referral=task.referral_id,
            subject=f"task {task.pk}",
            fields=["assigned_to"],
        )


def _pass_on_cover(leaver: int, successor: int | None, *, by: Membership, now: datetime) -> None:
    """It ends on either side; where they were to cover for a colleague, the successor does."""
    standing = list(cover_ahead(leaver, seen_by=by, now=now))
    Cover.objects.filter(pk__in=[row.pk for row in standing]).update(ended_at=now)
    for row in standing:
        log.record(Action.COVER_CHANGED, by=by, now=now, subject=f"cover {row.pk}", reason="ended")
        if successor is not None and row.covered_by_id == leaver and row.away_id != successor:
            arrange_cover(
                away=row.away_id,
                covered_by=successor,
                first_on=max(row.first_on, london_date(now)),
                last_on=row.last_on,
                by=by,
                now=now,
            )
