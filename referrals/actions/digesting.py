"""The e-mail of a working day's morning: what is new for a person, one line for each survivor.

Asked every minute, since clock changes make an hour of the day unreliable for a timer. A row says
that an organisation's morning was written, so that it is written once, and late rather than not.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from nrm_tracker.calendars import london_date
from nrm_tracker.database import alone, purpose
from organisations.hours import READ, is_quiet
from organisations.models import Organisation
from referrals.actions.mailing import choices_of, write_letter
from referrals.actions.telling import QUIET_AFTER
from referrals.actions.whom import People
from referrals.in_touch import caution
from referrals.mails import Line, morning
from referrals.models import (
    RINGING,
    Attention,
    Delay,
    DelayFlag,
    Digest,
    Notice,
    NoticeChoice,
    Referral,
    Told,
)
from referrals.thresholds import all_thresholds

DIGEST_LOCK = 6_776_003
ABOUT = ("reference", "holder_id", "assigned_to_id", "restricted")
Wait = tuple[int, str]  # a referral and a rule
Steps = dict[tuple[int, Wait], int | None]  # by the person told of it


def write_digests(*, now: datetime) -> int:
    """Write the mornings that are due and not yet written; of how many organisations."""
    if not settings.EMAIL_IS_SENT:
        return 0
    with alone(DIGEST_LOCK) as ours:
        return sum(_write(each, now=now) for each in _due(now=now)) if ours else 0


def _due(*, now: datetime) -> list[Organisation]:
    written = Digest.objects.filter(organisation=OuterRef("pk"), day=london_date(now))
    with purpose("nrm_sweep"):
        rows = Organisation.objects.filter(~Exists(written)).order_by("id").only(*READ)
        return [each for each in rows if not is_quiet(each, now)]


def _write(organisation: Organisation, *, now: datetime) -> bool:
    with purpose("nrm_sweep"):
        before = Digest.objects.filter(organisation=organisation).order_by("-day").first()
        _, first = Digest.objects.get_or_create(
            organisation=organisation, day=london_date(now), defaults={"written_at": now}
        )
        if first:
            since = before.written_at if before else None
            _Morning(organisation, since=since, now=now).write()
    return first


class _Morning:
    """What there is for the people of one organisation since its last morning."""

    def __init__(
        self, organisation: Organisation, *, since: datetime | None, now: datetime
    ) -> None:
        self.organisation, self.since, self.now = organisation, since, now
        self.delays = _needing_somebody(organisation, now=now)
        self.people = People.around({delay.referral for delay in self.delays}, now=now)
        self.choices = choices_of(self.members)
        self.notices = self._notices()
        self.titles = {rule.code: rule.title for rule in all_thresholds()}

    @property
    def members(self) -> list[int]:
        return [user for user, _ in self.people.members.get(self.organisation.pk, [])]

    def write(self) -> None:
        for user in self.members:
            mine = [delay for delay in self.delays if self._concerns(user, delay)]
            new = [delay for delay in mine if self._is_new(user, delay)]
            lines = self._lines(user, new)
            if not lines:
                continue
            known = {d.referral_id for d in mine} - {d.referral_id for d in new}
            letter = morning(lines, older=len(known), organisation=self.organisation)
            key = f"morning-{self.organisation.pk}-{user}-{london_date(self.now)}"
            write_letter(user, self.organisation, letter, key=key, now=self.now)

    def _concerns(self, user: int, delay: Delay) -> bool:
        return (user, _wait(delay)) in self.notices or user in self.people.at_work(delay.referral)

    def _is_new(self, user: int, delay: Delay) -> bool:
        """Told of it by a notice, and wants that by mail; or it came to stand since the last
        morning. Late paperwork is quiet."""
        if (user, _wait(delay)) in self.notices:
            return True
        late = delay.raised_at - delay.breached_at > QUIET_AFTER
        fresh = self.since is None or delay.raised_at > self.since
        worse = delay.attention == Attention.NEW or (delay.taken_up_rank or 0) < delay.rank
        wanted = self.choices[user].today == NoticeChoice.Today.DIGEST
        return delay.told == Told.TODAY and fresh and worse and wanted and not late

    def _lines(self, user: int, delays: Sequence[Delay]) -> list[Line]:
        """The worst delay of each person, worst first."""
        by_person: dict[int, list[Delay]] = {}
        for delay in delays:
            by_person.setdefault(delay.referral_id, []).append(delay)
        return [
            Line(
                reference=worst.referral.reference,
                title=self.titles[worst.rule],
                caution=caution(worst.rule),
                since=worst.breached_at,
                step=self.notices.get((user, _wait(worst))),
                more=len(more),
                seen=self.people.sees(user, worst.referral),
            )
            for worst, *more in by_person.values()
        ]

    def _notices(self) -> Steps:
        """What people were told since the last morning and did not get by mail at once, but want
        by mail; with the step, where nobody had answered."""
        rows = Notice.objects.filter(
            organisation=self.organisation, user__in=self.members, flag__isnull=False
        )
        if self.since is not None:
            rows = rows.filter(created_at__gt=self.since)
        found = rows.order_by("id").values_list(
            "user_id", "referral_id", "flag__rule", "told", "step"
        )
        return {
            (user, (referral, rule)): step
            for user, referral, rule, told, step in found
            if _wants(self.choices[user], told)
        }


def _wants(choice: NoticeChoice, told: str) -> bool:
    wanted = {Told.AT_ONCE: choice.at_once, Told.TODAY: choice.today}
    return wanted[Told(told)] == NoticeChoice.AtOnce.DIGEST


def _wait(delay: Delay) -> Wait:
    return delay.referral_id, delay.rule


def _needing_somebody(organisation: Organisation, *, now: datetime) -> list[Delay]:
    """The referrals first: a view of all delays would be worked out for everybody else's too."""
    ringing = DelayFlag.objects.standing().filter(
        referral__holder=organisation.pk, told__in=RINGING
    )
    ids = set(ringing.values_list("referral_id", flat=True))
    referrals = Referral.objects.only(*ABOUT).in_bulk(ids)
    delays = list(
        Delay.objects.filter(referral__in=ids).needing_attention(london_date(now)).worst_first()
    )
    for delay in delays:
        delay.referral = referrals[delay.referral_id]
    return delays
