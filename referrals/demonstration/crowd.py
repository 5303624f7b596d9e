"""Everybody else: plausible waits, drawn with a fixed seed so that each start tells the same."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from nrm_tracker.calendars import london_date
from organisations.models import Organisation
from referrals.catalogue import EventCode, Outcome, Risk
from referrals.demonstration.tale import Tale

Code = EventCode
CLOCKS = ("09:20", "10:10", "11:00", "11:45", "13:30", "14:15", "15:40")
IN_TIME = (1, 11)  # days since they asked for help: no limit has passed
LATE = (30, 84)
YEAR = 365
DECLINED = (Code.FRO_DECLINED_CAPACITY, Code.FRO_DECLINED_CAPACITY, Code.FRO_DECLINED_SCOPE)


class Crowd:
    """Tales of one organisation. `ours` waits or submits; `others` are asked for capacity."""

    def __init__(self, random: Random, ours: Organisation, others: Sequence[Organisation]) -> None:
        self.random, self.ours, self.others = random, ours, others

    def in_time(self, tale: Tale) -> Tale:
        """Waits, and no limit has passed."""
        days = self.random.randint(*IN_TIME)
        self._first_talks(tale, days)
        if self.random.random() < 0.5:
            self._list(tale, days - 3)
        return tale

    def late(self, tale: Tale) -> Tale:
        """Waits for longer than the limit: for capacity, mostly."""
        days = self.random.randint(*LATE)
        return self.late_for(tale, days)

    def late_for(self, tale: Tale, days: int) -> Tale:
        risks = [Risk.PREGNANT] if self.random.random() < 0.1 else []
        self._first_talks(tale, days, *risks)
        self._list(tale, days - 3)
        for asked in self.random.sample(range(4, days - 5), self.random.randint(0, 2)):
            other = self.random.choice(self.others)
            tale.happened(Code.FRO_APPROACHED, asked + 1, self._clock(), organisation=other)
            answer = self.random.choice(DECLINED)
            tale.happened(answer, asked, self._clock(), organisation=other)
        return tale.happened(Code.CONTACT_MADE, self.random.randint(1, 6), self._clock())

    def needing(self, tale: Tale) -> Tale:
        """At risk, and nobody has taken up the delay."""
        tale.asked_for_help(tale.ago(self.random.randint(24, 26), "11:20"), Risk.DESTITUTE)
        return tale

    def entered(self, tale: Tale, submitter: Organisation) -> Tale:
        """Entered the NRM some time in the last year, after a wait."""
        child = self.random.random() < 0.2
        wait = self.random.randint(1, 9) if child else int(self.random.triangular(3, 95, 24))
        days = wait + self.random.randint(8, YEAR - wait)
        if child:
            tale.age_group = "child"
            tale.asked_for_help(tale.ago(days, "09:50")).child_told(days)
        else:
            self._first_talks(tale, days)
            self._preparation(tale, days, wait)
        left = days - wait
        tale.happened(Code.REFERRAL_SUBMITTED, left, "16:10", submitted_by=submitter)
        tale.happened(Code.REFERRAL_ACKNOWLEDGED, left, "16:30")
        tale.happened(Code.ALLOCATED, left - 1, outcome=self._decision_maker())
        return self._decided(tale, left)

    def left(self, tale: Tale) -> Tale:
        """Did not enter: did not consent, out of contact, or supported elsewhere."""
        days = self.random.randint(30, YEAR)
        lasted = self.random.randint(4, 25)
        tale.asked_for_help(self._first_call(tale, days))
        tale.happened(Code.NRM_EXPLAINED, days - 1, self._clock())
        reason = self.random.choice(
            (
                Outcome.DID_NOT_CONSENT,
                Outcome.OUT_OF_CONTACT,
                Outcome.LEFT_BEFORE_ENTRY,
            )
        )
        if reason == Outcome.DID_NOT_CONSENT:
            tale.happened(Code.CONSENT_REFUSED, days - 2, self._clock())
        elif reason == Outcome.OUT_OF_CONTACT:
            tale.happened(Code.CONTACT_LOST, days - lasted + 1, self._clock())
        return tale.happened(Code.CLOSED, days - lasted, "16:00", outcome=reason)

    def _first_talks(self, tale: Tale, days: int, *risks: Risk) -> None:
        tale.asked_for_help(self._first_call(tale, days), *risks)
        tale.happened(Code.NRM_EXPLAINED, days - 1, "10:30")
        tale.happened(Code.CONSENT_RECORDED, days - 1, "10:50")

    def _list(self, tale: Tale, days: int) -> None:
        """On our own list, or on another's where we are not designated."""
        tale.happened(Code.FRO_APPROACHED, days, "11:30", organisation=self.ours)
        tale.happened(Code.FRO_WAITLISTED, days, "15:30", organisation=self.ours)

    def _preparation(self, tale: Tale, days: int, wait: int) -> None:
        """From the list to the form, in the last days before it is sent."""
        left = days - wait
        meeting = min(left + 3, days - 1)
        if wait > 6:
            self._list(tale, days - 2)
            tale.happened(Code.APPOINTMENT_OFFERED, meeting + 1, "09:15")
        tale.happened(Code.APPOINTMENT_ATTENDED, meeting, "11:00")
        tale.happened(Code.INTERVIEW_COMPLETED, meeting, "13:00")
        tale.happened(Code.DRAFT_STARTED, meeting, "14:30")
        tale.happened(Code.REVIEW_COMPLETED, left, "11:15")

    def _decided(self, tale: Tale, left: int) -> Tale:
        took = int(self.random.triangular(5, 60, 12))
        if took >= left - 2:
            return tale
        day = left - took
        positive = self.random.random() < 0.6
        outcome = Outcome.POSITIVE if positive else Outcome.NEGATIVE
        dated = london_date(tale.now) - timedelta(days=day)
        tale.happened(Code.RG_DECISION, day, "15:20", outcome=outcome, dated_on=dated)
        if positive:
            return tale
        tale.happened(
            self.random.choice(
                (Code.RECONSIDERATION_REQUESTED, Code.RECONSIDERATION_NOT_REQUESTED)
            ),
            day - 1,
            "12:00",
        )
        return tale.happened(Code.CLOSED, day - 2, "16:00", outcome=Outcome.ENTERED)

    def _decision_maker(self) -> Outcome:
        return Outcome.SCA if self.random.random() < 0.8 else Outcome.IECA

    def _first_call(self, tale: Tale, days: int) -> datetime:
        return tale.ago(days, self._clock())

    def _clock(self) -> str:
        return self.random.choice(CLOCKS)
