"""The stages of the way, and which rules watch each: how delays are grouped on pages."""

from django.db.models import TextChoices


class Stage(TextChoices):
    SAFETY = "safety", "Safety"
    CHILD = "child", "A child's protection"
    FINDING = "finding", "Finding an organisation"
    MEETING = "meeting", "Referral meeting"
    DRAFT = "draft", "Home Office form"
    ENTRY = "entry", "The whole way in"
    SUPPORT = "support", "Support"
    DECISION = "decision", "Decisions"
    CONTACT = "contact", "Contact and consent"


RULES_OF: dict[Stage, tuple[str, ...]] = {
    Stage.SAFETY: ("safety-screen", "safety-screen-urgent"),
    Stage.CHILD: ("child-la-referral", "la-acknowledgement", "ictg-referral"),
    Stage.FINDING: (
        "first-fro-approach",
        "fro-reply",
        "fro-reply-urgent",
        "waiting-list",
        "refusals",
    ),
    Stage.MEETING: ("interview",),
    Stage.DRAFT: ("draft-age", "draft-deletion"),
    Stage.ENTRY: ("child-entry-wait", "entry-wait", "entry-wait-at-risk", "entry-wait-detained"),
    Stage.SUPPORT: ("emergency-request", "emergency-start", "support-contact"),
    Stage.DECISION: (
        "rg-decision",
        "rg-decision-devolved",
        "reconsideration-window",
        "recovery-end",
        "cg-age",
    ),
    Stage.CONTACT: (
        "consent-stale",
        "turning-18",
        "lost-contact",
        "duty-to-notify",
        "pause-maximum",
    ),
}
STAGE_OF: dict[str, Stage] = {rule: stage for stage, rules in RULES_OF.items() for rule in rules}

BESIDES: dict[str, tuple[str, ...]] = {
    "How delays and hand-overs are answered": ("unacknowledged", "hand-over-lapse"),
    "The register, and the people here": ("fro-application", "designation-review", "training"),
}  # rules that watch something else than a referral
