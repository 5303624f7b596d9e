"""How late, in words, for many delays at once: "Way in: 61 of 56 days"."""

from collections.abc import Collection, Iterable
from datetime import datetime

from referrals.catalogue import TIGHTENING_RISKS, Risk
from referrals.delays import Wait, waits
from referrals.models import Delay, Referral
from referrals.pages.waits import HOME_OFFICE, gone_against
from referrals.thresholds import rules
from referrals.timelines import cases


class LateWords:
    """The waits of these referrals (ids), read in a constant number of queries."""

    def __init__(self, referrals: Iterable[int], *, now: datetime) -> None:
        ids, self.now = list(referrals), now
        judged_by = rules()
        self.ends = {threshold.code: threshold.who_can_end for threshold in judged_by.thresholds}
        self.titles = {threshold.code: threshold.title for threshold in judged_by.thresholds}
        self.waits: dict[int, list[Wait]] = {}
        for case in cases(ids) if ids else ():
            self.waits[case.id] = waits(case.timeline, judged_by, now=now)

    def of(self, delay: Delay) -> str:
        """The rule and how far beyond its limit; the rule alone where its wait has just ended."""
        title = self.titles[delay.rule]
        key = (delay.rule, delay.started_by_id, delay.started_at)
        for wait in self.waits.get(delay.referral_id, ()):
            if (wait.rule, wait.started_by, wait.started_at) == key:
                return f"{title}: {gone_against(wait, delay.severity, now=self.now)}"
        return title

    def who_can_end(self, delay: Delay) -> Collection[str]:
        return self.ends[delay.rule]

    @staticmethod
    def tone(delay: Delay) -> str:
        """Its severity; what only the Home Office can end is shown without red."""
        return "info" if (delay.waits_on,) == HOME_OFFICE else delay.severity


def at_risk_words(referral: Referral) -> str:
    """The risks that tighten limits: "at risk: destitute now, pregnant"; "" when there is none."""
    risks = [Risk(risk).label for risk in TIGHTENING_RISKS if risk in referral.risks]
    words = ", ".join(f"{label[:1].lower()}{label[1:]}" for label in risks)
    return f"at risk: {words}" if words else ""
