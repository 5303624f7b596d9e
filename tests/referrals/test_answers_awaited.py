"""A hand-over without an answer reaches those who can act, on both sides, once (rule 35)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from nrm_tracker.database import purpose
from organisations.models import Membership
from referrals.actions import (
    ask_to_take,
    decline_hand_over,
    deliver_notices,
    open_in_emergency,
    restrict_referral,
    sweep,
    take_back,
)
from referrals.models import Email, HandOver, Notice, OutboxMessage, Referral, Restriction
from tests import factories
from tests.factories import Acting, happening, referral
from tests.referrals.casework import caseworker
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday
DUE = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)  # two working days later
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def hers(northgate: Acting) -> Referral:
    agreed = happening("consent_recorded", SENT, consent_type="sharing")
    return referral(northgate, contact=SENT, events=[agreed], pseudonym="Quagga", now=SENT)


@pytest.fixture
def row(hers: Referral, northgate: Acting, riverside: Acting) -> HandOver:
    """Riverside was asked; Thornfield, where somebody works too, was not."""
    factories.organisation("Thornfield House (fictitious)", "thornfield")
    return asked(northgate, hers, riverside)


def asked(acting: Acting, of: Referral, other: Acting) -> HandOver:
    with acting.context():
        [made] = ask_to_take(
            referral=of, organisations=[other.organisation], by=acting.caseworker, now=SENT
        )
    return made


def swept(now: datetime) -> None:
    sweep(now=now)
    deliver_notices(now=now)


def told(*everybody: Acting) -> list[str]:
    """Who has a notice about a hand-over, once for each."""
    found = []
    for acting in everybody:
        for role, member in (("caseworker", acting.caseworker), ("manager", acting.manager)):
            with acting.context(member):
                notices = Notice.objects.visible_to(member).filter(hand_over__isnull=False)
                found += [f"{acting.organisation.slug} {role} {n.told}" for n in notices]
    return found


EVERYBODY = ["northgate caseworker today", "northgate manager today", "riverside manager today"]


def test_both_sides_are_told_once_that_nobody_answered(
    row: HandOver, northgate: Acting, riverside: Acting
) -> None:
    with northgate.context():
        Referral.objects.update(assigned_to=northgate.caseworker.user)
    thornfield = factories.organisation("Meadow Trust (fictitious)", "meadow")
    everybody = (northgate, riverside, thornfield)
    swept(DUE - SECOND)
    assert told(*everybody) == []
    swept(DUE)
    assert told(*everybody) == EVERYBODY
    swept(DUE + HOUR)
    swept(DUE + 50 * HOUR)
    assert told(*everybody) == EVERYBODY


def test_a_risk_that_tightens_tells_them_after_24_hours(
    row: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    risk = happening("risk_flag_added", SENT, risk="pregnant")
    factories.record(northgate, hers, risk, now=SENT + SECOND)
    swept(SENT + 24 * HOUR - SECOND)
    assert told(riverside) == []
    swept(SENT + 24 * HOUR)
    assert told(riverside) == ["riverside manager today"]


def test_what_was_answered_or_taken_back_in_time_rings_for_nobody(
    row: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    with riverside.context():
        decline_hand_over(
            hand_over=row, reason="capacity", by=riverside.caseworker, now=SENT + HOUR
        )
    again = asked(northgate, hers, riverside)
    with northgate.context():
        take_back(hand_over=again, by=northgate.caseworker, now=DUE - SECOND, answered=True)
    swept(DUE + HOUR)
    assert told(northgate, riverside) == []


def test_what_was_answered_before_anybody_was_told_is_not_told(
    row: HandOver, northgate: Acting, riverside: Acting
) -> None:
    sweep(now=DUE)
    with riverside.context():
        decline_hand_over(hand_over=row, reason="scope", by=riverside.caseworker, now=DUE + HOUR)
    deliver_notices(now=DUE + HOUR)
    assert told(northgate, riverside) == []


def test_of_a_restricted_referral_only_the_named_are_told(
    row: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    member = northgate.caseworker
    with northgate.context():
        restrict_referral(referral=hers, why="knows", named=[member.user_id], by=member, now=SENT)
    swept(DUE)
    assert told(northgate) == ["northgate caseworker today"]


@pytest.fixture
def orphaned(row: HandOver, hers: Referral, northgate: Acting) -> HandOver:
    """Restricted to one caseworker, who left."""
    member = northgate.caseworker
    with northgate.context():
        restrict_referral(referral=hers, why="knows", named=[member.user_id], by=member, now=SENT)
    with purpose("nrm_register"):
        Membership.objects.filter(pk=member.pk).update(ended_at=SENT)
    return row


def test_where_nobody_named_is_left_whoever_can_name_somebody_is_told(
    orphaned: HandOver, hers: Referral, northgate: Acting, riverside: Acting, settings: Any
) -> None:
    settings.EMAIL_IS_SENT = True
    lead = factories.safeguarding_lead(northgate)
    swept(DUE)
    with factories.acts(lead):
        [notice] = Notice.objects.visible_to(lead)
        assert not HandOver.objects.exists()
        [letter] = Email.objects.visible_to(lead).filter(key__startswith="hand-over-")
    unseen = "A restricted referral passed a limit, and nobody who is named is here"
    assert letter.text.startswith(f"{hers.reference}: {unseen}.")
    client = signed_in_client(lead.user)
    page = client.get(reverse("notices")).text
    assert unseen in page
    assert hers.reference in page
    assert str(riverside.organisation) not in page + letter.text
    read = client.post(reverse("read_notice", args=[notice.pk]))
    assert read.headers["Location"] == reverse("restricted")
    with riverside.context(riverside.manager):
        [theirs] = Notice.objects.visible_to(riverside.manager)
        assert (theirs.hand_over_id, theirs.referral_id) == (orphaned.pk, None)
    with northgate.context(northgate.manager):
        assert not Notice.objects.visible_to(northgate.manager).exists()


def test_once_they_are_named_the_notice_leads_to_the_hand_over(
    orphaned: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    lead = factories.safeguarding_lead(northgate)
    swept(DUE)
    with factories.acts(lead):
        restriction = Restriction.objects.get()
        open_in_emergency(restriction=restriction, reason="Nobody is left", by=lead, now=DUE)
        notice = Notice.objects.visible_to(lead).get(hand_over=orphaned)
    client = signed_in_client(lead.user)
    assert f"{riverside.organisation} was asked to take them" in client.get(reverse("notices")).text
    read = client.post(reverse("read_notice", args=[notice.pk]))
    assert read.headers["Location"] == reverse("hand_over", args=[hers.reference])


def test_what_was_told_before_it_was_restricted_to_others_is_seen_by_them_alone(
    row: HandOver, hers: Referral, northgate: Acting
) -> None:
    swept(DUE)
    member = northgate.caseworker
    with northgate.context():
        restrict_referral(
            referral=hers, why="knows", named=[member.user_id], by=member, now=DUE + HOUR
        )
    assert told(northgate) == ["northgate caseworker today"]


def test_the_notices_say_what_each_side_may_know(
    row: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    swept(DUE)
    theirs = signed_in_client(riverside.manager.user)
    page = theirs.get(reverse("notices")).text
    assert f"{northgate.organisation} asks whether you take somebody" in page
    assert [word for word in (hers.reference, "Quagga") if word in page] == []
    mine = signed_in_client(northgate.manager.user)
    page = mine.get(reverse("notices")).text
    assert f"{riverside.organisation} was asked to take them, and has not answered" in page
    assert hers.reference in page
    opened = {}
    for name, client, acting in (("asked", theirs, riverside), ("asking", mine, northgate)):
        with acting.context(acting.manager):
            notice = Notice.objects.visible_to(acting.manager).filter(hand_over=row).get()
        opened[name] = client.post(reverse("read_notice", args=[notice.pk])).headers["Location"]
    assert opened == {
        "asked": reverse("asked", args=[row.pk]),
        "asking": reverse("hand_over", args=[hers.reference]),
    }


def test_a_mail_waits_for_the_morning_and_the_receivers_says_no_reference(
    row: HandOver, hers: Referral, northgate: Acting, riverside: Acting, settings: Any
) -> None:
    settings.EMAIL_IS_SENT = True
    swept(DUE)
    with riverside.context(riverside.manager):
        [letter] = Email.objects.visible_to(riverside.manager)
        assert letter.kind == Email.Kind.DIGEST
        assert "waits for your answer" in letter.text
        assert hers.reference not in letter.text
    with northgate.context(northgate.manager):
        letters = Email.objects.visible_to(northgate.manager).filter(key__startswith="hand-over-")
        [letter] = letters
        assert letter.text.startswith(f"{hers.reference}: another organisation was asked")


def test_nobody_but_the_sweep_writes_that_it_told_them(
    row: HandOver, northgate: Acting, riverside: Acting
) -> None:
    with northgate.context():
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            HandOver.objects.update(told_late_at=SENT)
        with pytest.raises(ProgrammingError, match="row-level sec"), transaction.atomic():
            OutboxMessage.objects.create(key="mine", hand_over=row, created_at=SENT)


def test_that_it_lapsed_stands_on_both_sides(
    row: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    caseworker(northgate).post(
        reverse("take_back", args=[hers.reference, row.pk]), {"because": "silent"}
    )
    theirs = caseworker(riverside)
    for url in (reverse("asked_of_us"), reverse("asked", args=[row.pk])):
        assert "Lapsed without an answer" in theirs.get(url).text
    mine = caseworker(northgate).get(reverse("hand_over", args=[hers.reference]), follow=True)
    assert "Lapsed without an answer" in mine.text
