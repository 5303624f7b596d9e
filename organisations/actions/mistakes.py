"""Somebody without an account says that the register is wrong."""

from datetime import datetime

from audit import log
from audit.models import Action
from nrm_tracker.database import purpose
from organisations.models import ErrorReport, Membership, Organisation


def report_mistake(*, organisation: Organisation, about: str, words: str, now: datetime) -> None:
    """Nothing of who says it is kept; only the register reads it."""
    ErrorReport.objects.bulk_create(
        [ErrorReport(organisation=organisation, about=about, words=words, reported_at=now)],
        ignore_conflicts=True,  # no answer is asked for: nobody here may read it
    )


def answer_report(*, report: ErrorReport, by: Membership, now: datetime) -> None:
    """The register was checked for what was reported."""
    with purpose("nrm_register"):
        ErrorReport.objects.filter(pk=report.pk, answered_at__isnull=True).update(
            answered_at=now, answered_by=by.user_id
        )
        log.record(Action.REGISTER_CHANGED, by=by, now=now, subject=f"report {report.pk}")
