from referrals.models.delay import Attention, Delay, DelayFlag, TakenUp, Told
from referrals.models.import_run import ImportRun
from referrals.models.notice import Notice, OutboxMessage
from referrals.models.referral import Custody, Referral, Submission
from referrals.models.restriction import NamedStaff, Restriction
from referrals.models.survivor import SafeContact, Survivor, SurvivorKey
from referrals.models.sweep import SweepRun
from referrals.models.threshold import ThresholdVersion
from referrals.models.wait_event import WaitEvent

__all__ = [
    "Attention",
    "Custody",
    "Delay",
    "DelayFlag",
    "ImportRun",
    "NamedStaff",
    "Notice",
    "OutboxMessage",
    "Referral",
    "Restriction",
    "SafeContact",
    "Submission",
    "Survivor",
    "SurvivorKey",
    "SweepRun",
    "TakenUp",
    "ThresholdVersion",
    "Told",
    "WaitEvent",
]
