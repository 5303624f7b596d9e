"""An organisation says for itself who is told of which delay."""

from datetime import timedelta

import pytest

from audit.models import AuditEntry
from nrm_tracker.database import purpose
from organisations.models import Reassessment
from referrals.actions import choose_told, deliver_notices, sweep
from referrals.errors import TooQuiet
from referrals.models import DelayFlag, Notice, Referral
from referrals.thresholds import threshold_of
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def waiting(acting: Acting, days: int = 20) -> Referral:
    contact = NOW - timedelta(days=days)
    screened = factories.happening("immediate_safety_checked", contact + MINUTE)
    return factories.referral(acting, contact=contact, events=[screened], now=NOW)


def chosen(acting: Acting, rule: str = "entry-wait", **levels: str) -> bool:
    with acting.context(acting.manager):
        return choose_told(threshold=threshold_of(rule), levels=levels, by=acting.manager, now=NOW)


def told(acting: Acting, rule: str = "entry-wait") -> list[str]:
    with acting.context():
        return list(DelayFlag.objects.filter(rule=rule).values_list("told", flat=True))


def test_what_an_organisation_chose_counts_for_its_open_delays_and_for_nobody_elses(
    riverside: Acting, northgate: Acting
) -> None:
    waiting(riverside), waiting(northgate)
    assert told(riverside) == told(northgate) == ["list"]
    assert chosen(riverside, amber="at_once")
    with purpose("nrm_sweep"):
        assert Reassessment.objects.get().organisation_id == riverside.organisation.pk
    run = sweep(now=NOW + MINUTE)
    assert run
    assert run.visited == 1
    assert (told(riverside), told(northgate)) == (["at_once"], ["list"])


def test_it_counts_for_delays_to_come_and_they_ring(riverside: Acting, northgate: Acting) -> None:
    chosen(riverside, amber="at_once")
    waiting(riverside, days=13), waiting(northgate, days=13)
    at = NOW + timedelta(days=2)
    sweep(now=at)
    deliver_notices(now=at)
    with purpose("nrm_sweep"):
        rung = set(Notice.objects.values_list("organisation", flat=True))
    assert (told(riverside), told(northgate)) == (["at_once"], ["list"])
    assert rung == {riverside.organisation.pk}


def test_going_back_to_what_the_threshold_says(riverside: Acting) -> None:
    waiting(riverside)
    chosen(riverside, amber="measured")
    sweep(now=NOW + MINUTE)
    assert told(riverside) == ["measured"]
    assert chosen(riverside, amber="")
    sweep(now=NOW + 2 * MINUTE)
    assert told(riverside) == ["list"]


def test_saving_what_stands_already_changes_nothing(riverside: Acting) -> None:
    assert not chosen(riverside, amber="")
    assert chosen(riverside, amber="today")
    assert not chosen(riverside, amber="today", red="")
    with purpose("nrm_sweep"):
        assert Reassessment.objects.count() == 1


@pytest.mark.parametrize(
    ("rule", "severity", "level", "allowed"),
    [
        ("safety-screen-urgent", "critical", "today", True),
        ("safety-screen-urgent", "critical", "list", False),
        ("emergency-request", "red", "measured", False),  # told at once as usual
        ("entry-wait", "critical", "list", False),
        ("entry-wait", "red", "list", True),
        ("rg-decision", "amber", "today", True),
        ("entry-wait", "red", "never", False),
    ],
)
def test_what_guards_people_is_not_made_quieter_than_the_today_list(
    riverside: Acting, rule: str, severity: str, level: str, allowed: bool
) -> None:
    if allowed:
        assert chosen(riverside, rule, **{severity: level})
        return
    with pytest.raises(TooQuiet):
        chosen(riverside, rule, **{severity: level})


def test_the_choice_stands_in_the_trail(riverside: Acting) -> None:
    chosen(riverside, amber="today")
    with riverside.context():
        entry = AuditEntry.objects.get(action="told_changed")
    assert (entry.user, entry.subject, entry.fields) == (
        riverside.manager.user_id,
        "threshold entry-wait",
        ["amber"],
    )


def test_a_manager_chooses_on_the_page_and_a_caseworker_does_not(riverside: Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    assert "/thresholds/told/" in client.get("/thresholds/").text
    form = client.get("/thresholds/told/entry-wait/").text
    assert "As usual: in lists" in form
    assert 'name="critical" value="list"' not in form
    sent = client.post(
        "/thresholds/told/entry-wait/", {"amber": "today", "red": "", "critical": ""}
    )
    assert sent.headers["Location"] == "/thresholds/told/"
    assert "your choice; as usual: In lists" in client.get("/thresholds/told/").text
    refused = client.post("/thresholds/told/entry-wait/", {"critical": "measured"})
    assert "Choose one of the answers shown" in refused.text
    assert client.get("/thresholds/told/unacknowledged/").status_code == 404
    for path in ("/thresholds/told/", "/thresholds/told/entry-wait/"):
        assert signed_in_client(riverside.caseworker.user).get(path).status_code == 403
