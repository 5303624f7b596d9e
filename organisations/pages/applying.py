"""Where an application to become a First Responder Organisation stands, for both sides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from nrm_tracker.ui.parts import Line
from nrm_tracker.ui.words import count, day_in_words, distance
from organisations.actions.applying import side_of
from organisations.models import (
    Application,
    Correspondence,
    Designation,
    Membership,
    NamingConsent,
    Organisation,
    RecruitmentRound,
    Side,
    StageEntry,
)
from organisations.roles import Permission
from organisations.stages import APPLICANTS, FOLLOWS, NEXT, Stage, following


@dataclass(frozen=True, slots=True)
class Entry:
    """A stage, something said, or a consent, and who recorded it. `struck`: corrected, or not so;
    `may_change`: whoever looks may correct it or strike it out."""

    id: int
    title: str
    on: date
    known_on: date | None
    words: str
    source: str
    by: str
    side: str
    at: datetime
    struck: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class Stands:
    """`application` is None where none was recorded. `offered` may be recorded next, `other` later
    than it happened; `designate`: it was approved, and the register has no designation."""

    application: Application | None
    designated_since: date | None
    lines: list[Line]
    stages: list[Entry]
    letters: list[Entry]
    naming: list[Entry]
    offered: list[str]
    other: list[str]
    designate: bool


def newest_application(organisation: Organisation, membership: Membership) -> Application | None:
    """The undecided one, else the last that was decided."""
    rows = Application.objects.visible_to(membership).filter(organisation=organisation)
    found = rows.exclude(outcome=Application.Outcome.ERROR).with_last_word()
    return max(found, key=lambda row: (row.closed_on is None, row.pk), default=None)


def stands(organisation: Organisation, membership: Membership, *, today: date) -> Stands:
    """Read with the rights of who looks."""
    application = newest_application(organisation, membership)
    in_force = Designation.objects.active(today).filter(organisation=organisation).first()
    stage = application.stage if application and not application.outcome else None
    offered = _may_record(following(stage), membership)
    return Stands(
        application=application,
        designated_since=in_force.effective_from if in_force else None,
        lines=_lines(application, today=today) if application else [],
        stages=_stages(application, membership) if application else [],
        letters=_letters(application, membership) if application else [],
        naming=_naming(application, membership) if application else [],
        offered=[] if in_force else offered,
        other=_may_record([s for s in FOLLOWS if s not in offered], membership) if stage else [],
        designate=in_force is None
        and application is not None
        and application.outcome == Application.Outcome.APPROVED,
    )


def rounds() -> list[RecruitmentRound]:
    """Newest first."""
    return list(RecruitmentRound.objects.order_by("-opens_on", "-id"))


def _may_record(stages: Iterable[str], membership: Membership) -> list[str]:
    if membership.can(Permission.MANAGE_REGISTER):
        return list(stages)
    if not membership.can(Permission.KEEP_APPLICATION):
        return []
    return [stage for stage in stages if stage in APPLICANTS]


def days_waited(application: Application, *, today: date) -> int | None:
    """Since it was sent, until it was decided or today; None where it was not sent."""
    if application.submitted_on is None:
        return None
    return ((application.closed_on or today) - application.submitted_on).days


def ago(day: date, *, today: date) -> str:
    return f"{day_in_words(day, today=today)}, {distance(day, today=today)}"


def _lines(application: Application, *, today: date) -> list[Line]:
    what, who = NEXT[application.stage]
    sent, word = application.submitted_on, application.last_word_on
    days = days_waited(application, today=today)
    waited = "Days from sending to the end" if application.outcome else "Days since it was sent"
    return [
        Line("Stage", application.get_stage_display()),
        Line("Sent to the Home Office", ago(sent, today=today) if sent else "Not yet"),
        Line(waited, "Not sent yet" if days is None else count(days, "day")),
        Line(
            "The Home Office's last word",
            ago(word, today=today) if word else "None is recorded",
        ),
        Line("What comes next", what),
        Line("Who has to act", who),
        Line("Named in public", "Yes" if application.may_be_named else "No, only counted"),
        Line(
            "Evidence looked at by the register",
            "Yes" if application.checked_at else "Not yet: until then it is not counted in public",
        ),
    ]


def _stages(application: Application, membership: Membership) -> list[Entry]:
    rows = list(
        StageEntry.objects.visible_to(membership)
        .filter(application=application)
        .select_related("superseded_by")
        .order_by("-happened_on", "-id")
    )
    names = _names(row.recorded_by_id for row in rows)
    return [
        Entry(
            id=row.pk,
            title=row.get_stage_display(),
            on=row.happened_on,
            known_on=row.known_on,
            words=row.words,
            source=row.source,
            by=names[row.recorded_by_id],
            side=row.get_side_display(),
            at=row.recorded_at,
            struck=(struck := hasattr(row, "superseded_by")),
            may_change=not struck and row.stage != Stage.NOT_SO and _may_change(row, membership),
        )
        for row in rows
    ]


def _letters(application: Application, membership: Membership) -> list[Entry]:
    rows = list(
        Correspondence.objects.visible_to(membership)
        .filter(application=application)
        .order_by("-on", "-id")
    )
    names = _names(row.recorded_by_id for row in rows)
    return [
        Entry(
            id=row.pk,
            title=f"{row.get_direction_display()}: {row.get_channel_display().lower()}",
            on=row.on,
            known_on=None,
            words=row.gist,
            source="",
            by=names[row.recorded_by_id],
            side=row.get_side_display(),
            at=row.recorded_at,
            struck=row.struck_at is not None,
            may_change=row.struck_at is None and _may_change(row, membership),
        )
        for row in rows
    ]


def _naming(application: Application, membership: Membership) -> list[Entry]:
    rows = NamingConsent.objects.visible_to(membership).filter(application=application)
    found = list(rows.newest_first())
    names = _names(row.recorded_by_id for row in found)
    return [
        Entry(
            id=row.pk,
            title="May be named" if row.given else "May not be named",
            on=row.on,
            known_on=None,
            words="",
            source=row.told,
            by=names[row.recorded_by_id],
            side=row.get_side_display(),
            at=row.recorded_at,
            struck=place > 0,
            may_change=False,
        )
        for place, row in enumerate(found)
    ]


def _may_change(row: StageEntry | Correspondence, membership: Membership) -> bool:
    if side_of(membership) == Side.REGISTER:
        return True
    return row.side == Side.APPLICANT and membership.can(Permission.KEEP_APPLICATION)


def _names(users: Iterable[int]) -> Mapping[int, str]:
    return dict(User.objects.filter(id__in=set(users)).values_list("id", "name"))
