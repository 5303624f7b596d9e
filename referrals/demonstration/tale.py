"""One person's story as it is written down: events by how many days ago and at what time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from nrm_tracker.calendars import LONDON, london_date
from referrals.actions import Calling, Happening, Opening
from referrals.catalogue import CONSENT_CODES, EventCode, Risk
from referrals.models import Referral

WRITTEN_DOWN = timedelta(minutes=20)  # after it happened
Code = EventCode


@dataclass
class Tale:
    """`happened(code, days_ago)` adds an event; what would not have happened yet is left out."""

    pseudonym: str
    now: datetime
    age_group: str = "adult"
    nation: str = "england"
    facts: dict[str, Any] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)

    def ago(self, days: int, clock: str = "10:00") -> datetime:
        """The instant of a London clock, so many days ago."""
        day = london_date(self.now) - timedelta(days=days)
        return datetime.combine(day, time.fromisoformat(clock), LONDON).astimezone(UTC)

    def happened(self, code: str, days: int, clock: str = "10:00", **facts: Any) -> "Tale":
        return self.at(code, self.ago(days, clock), **facts)

    def at(self, code: str, instant: datetime, **facts: Any) -> "Tale":
        if instant <= self.now:
            if code in CONSENT_CODES:
                facts.setdefault("consent_type", "nrm")
            self.happenings.append(Happening(code=code, happened_at=instant, **facts))
        return self

    def asked_for_help(self, instant: datetime, *risks: Risk, screened: bool = True) -> "Tale":
        """The first call, with the risks that were named and, if all were asked, the screen."""
        self.at(Code.INITIAL_CONTACT, instant).at(Code.INDICATORS_IDENTIFIED, instant)
        for risk in risks:
            self.at(Code.RISK_FLAG_ADDED, instant, risk=risk)
        if screened:
            self.at(Code.IMMEDIATE_SAFETY_CHECKED, instant)
        return self

    def child_told(self, days: int) -> "Tale":
        """What is done for a child on the first day."""
        self.happened(Code.LA_SAFEGUARDING_REFERRED, days, "14:10")
        self.happened(Code.LA_ACKNOWLEDGED, days, "16:40")
        return self.happened(Code.ICTG_REFERRED, days, "15:20")

    def opening(self, own_reference: str, assigned_to: int) -> Opening:
        happenings = sorted(self.happenings, key=lambda each: each.happened_at)
        return Opening(
            pseudonym=self.pseudonym,
            age_group=self.age_group,
            nation=self.nation,
            happenings=happenings,
            own_reference=own_reference,
            assigned_to=assigned_to,
            made_contact=Referral.Contact.SURVIVOR,
            channel=Referral.Channel.TELEPHONE,
            calling=Calling(
                may_call=True, when="Weekdays 10:00 to 15:00", agreed_at=happenings[0].happened_at
            ),
            opened_at=happenings[0].happened_at,
            recorded_at=[min(h.happened_at + WRITTEN_DOWN, self.now) for h in happenings],
            **self.facts,
        )
