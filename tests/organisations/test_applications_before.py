"""What the register knew of applications before they had a history becomes its beginning."""

from datetime import date
from pathlib import Path

import pytest

from nrm_tracker.database import purpose
from organisations.models import Application, NamingConsent, StageEntry
from tests import factories
from tests.conftest import NOW
from tests.house.world import as_owner

SQL = Path("organisations/migrations/0013_application_life.sql").read_text()
BEFORE, AFTER = "-- What the register had already", "-- Our own checklist"


@pytest.mark.django_db(transaction=True)
def test_what_was_recorded_before_begins_the_history() -> None:
    made = {"source": "letter", "recorded_at": NOW}
    waiting = factories.organisation("Waits (fictitious)", "waits", designated=False)
    over = factories.organisation("Over (fictitious)", "over", designated=False)
    with purpose("nrm_register"):
        Application.objects.create(
            organisation=waiting.organisation,
            submitted_on=date(2025, 3, 3),
            may_be_named=True,
            recorded_by=waiting.manager.user,
            **made,
        )
        Application.objects.create(
            organisation=over.organisation,
            submitted_on=date(2024, 3, 3),
            closed_on=date(2025, 1, 1),
            outcome="refused",
            recorded_by=over.manager.user,
            **made,
        )
    with as_owner() as cursor:
        cursor.execute(SQL[SQL.index(BEFORE) : SQL.index(AFTER)])
    with purpose("nrm_register"):
        entries = StageEntry.objects.order_by("organisation", "happened_on")
        assert list(entries.values_list("organisation", "stage", "happened_on", "side")) == [
            (waiting.organisation.pk, "submitted", date(2025, 3, 3), "register"),
            (over.organisation.pk, "submitted", date(2024, 3, 3), "register"),
            (over.organisation.pk, "refused", date(2025, 1, 1), "register"),
        ]
        stages = Application.objects.order_by("pk").values_list("stage", "checked_at")
        assert list(stages) == [("submitted", NOW), ("refused", NOW)]
        assert NamingConsent.objects.get().given
