"""A Duty to Notify says nothing of who it is about, whatever is stored.

Every text that hangs on the referral is overwritten with a mark of its own, in every table and
column that leads to it, so that a field added tomorrow is planted tomorrow.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from nrm_tracker.calendars import london_date
from nrm_tracker.sealing import Place, seal
from referrals.actions import (
    deliver_notices,
    record_identity,
    restrict_referral,
    sweep,
    take_up_delay,
)
from referrals.actions.survivors import key_of
from referrals.identity import Identity
from referrals.models import Delay, Referral, Submission, Survivor, SurvivorKey, TakenUp
from tests.factories import Acting, happening, organisation, referral
from tests.house.fields import personal
from tests.house.test_write_walls import keys
from tests.house.world import as_owner, plan
from tests.referrals.casework import caseworker, send
from tests.support import signed_in_client

DAY = timedelta(days=1)
TEXTS = (models.CharField, models.TextField)
# Codes that no list of choices names, and references, which stand for the person everywhere.
CODES = {
    ("Referral", "reference"),
    ("Restriction", "reference"),
    ("HandOver", "reference"),
    ("DelayFlag", "rule"),
    ("DelayFlag", "waits_on"),
    ("TakenUp", "rule"),
    ("Undertaking", "rule"),
    ("OutboxMessage", "key"),
    ("Proof", "number"),
    ("Proof", "signed_with"),
    ("Proof", "signature"),
    ("SurvivorKey", "master"),
    ("WrittenPage", "have"),
}
PLANTED_OTHERWISE = {
    ("Survivor", "born_on"),  # as BORN
    ("HandOver", "own_reference"),  # there once it is accepted; the referral's own is planted
}
BORN, DATES = "1987-06-05", ("1987", "5 June", "2005")


def hanging_on_a_referral() -> list[type[models.Model]]:
    """The referral, and every table whose rows name one, or a row that does."""
    found: set[type[models.Model]] = {Referral}
    everything = [
        m for m in apps.get_models() if m._meta.managed and not m.__name__.endswith("History")
    ]
    while (
        more := {m for m in everything if any(key.related_model in found for key in keys(m))}
        - found
    ):
        found |= more
    return sorted(found, key=lambda model: model.__name__)


def texts_of(model: type[models.Model]) -> Iterator[models.Field]:
    for field in model._meta.fields:
        of = field.base_field if isinstance(field, ArrayField) else field
        if of.choices or (model.__name__, field.name) in CODES or field.primary_key:
            continue
        if isinstance(of, TEXTS) or is_sealed(model, field):
            yield field


def is_sealed(model: type[models.Model], field: models.Field) -> bool:
    return isinstance(field, models.BinaryField) and model is not SurvivorKey


def mark(model: type[models.Model], field: models.Field) -> str:
    """Not seen anywhere else; as short as the shortest column."""
    return f"PLANT-{model.__name__}-{field.name}"[: field.max_length or 200]


def plant(acting: Acting, shown: Referral) -> list[str]:
    """Overwrite every text of every row of the referral's, past what may be changed."""
    planted = []
    with acting.context():
        survivor = Survivor.objects.get(referral=shown)
        key = key_of(survivor)
    with as_owner() as cursor:
        for model in hanging_on_a_referral():
            for field in texts_of(model):
                if (model.__name__, field.name) in PLANTED_OTHERWISE:
                    continue
                words = mark(model, field)
                for pk in rows_about(cursor, model, shown, survivor):
                    place = Place(model._meta.db_table, field.column, pk)
                    value = (
                        seal(words, key=key, place=place)
                        if is_sealed(model, field)
                        else [words]
                        if isinstance(field, ArrayField)
                        else words
                    )
                    cursor.execute(
                        f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s'  # noqa: S608
                        f' WHERE "{model._meta.pk.column}" = %s',
                        [value, str(pk)],
                    )
                    planted.append(words)
    return planted


def rows_about(
    cursor: Any, model: type[models.Model], shown: Referral, survivor: Survivor
) -> list[object]:
    if model is Referral:
        return [shown.pk]
    columns = {key.column for key in keys(model)}
    column, value = (
        ("referral_id", shown.pk) if "referral_id" in columns else ("survivor_id", survivor.pk)
    )
    cursor.execute(
        f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}" WHERE "{column}" = %s',  # noqa: S608
        [str(value)],
    )
    return [pk for (pk,) in cursor.fetchall()]


def who_said_no(acting: Acting, *, now: datetime) -> Referral:
    """An adult who did not consent, with a row in every table that hangs on the referral."""
    at = now - 9 * DAY
    made = referral(
        acting,
        contact=at,
        now=now,
        own_reference="RIV-1",
        events=[
            happening("indicators_identified", at, detail="signs"),
            happening("risk_flag_added", at, risk="still_in_exploitation", detail="danger"),
            happening("consent_refused", now - 8 * DAY, consent_type="nrm", detail="why"),
        ],
    )
    by = acting.caseworker
    plan(acting, made, "words", now=now)
    send(caseworker(acting), reverse("contact", args=[made.reference]), telephone="no")
    sweep(now=now)
    deliver_notices(now=now)
    with acting.context():
        Submission.objects.create(
            key=uuid4(), organisation=acting.organisation, referral=made, sent_at=now
        )
        record_identity(
            referral=made,
            identity=Identity(family_name="Quillfeather", born_on=BORN),
            birth_is_estimated=False,
            by=by,
            now=now,
        )
        take_up_delay(
            delay=Delay.objects.filter(referral=made).first(),
            reason=TakenUp.Reason.OTHER,
            action="asks",
            review_on=london_date(now) + DAY,
            by=by,
            now=now,
        )
        restrict_referral(referral=made, why="knows", named=[by.user_id], by=by, now=now)
    return made


@pytest.mark.django_db(transaction=True)
def test_it_says_nothing_of_who_it_is() -> None:
    riverside, now = organisation("Riverside Support (fictitious)", "riverside"), datetime.now(UTC)
    shown = who_said_no(riverside, now=now)
    planted = plant(riverside, shown)
    fields = {
        mark(model, field): f"{model.__name__}.{field.name}"
        for model in hanging_on_a_referral()
        for field in texts_of(model)
        if (model.__name__, field.name) not in PLANTED_OTHERWISE
    }
    missing = sorted(set(fields.values()) - {fields[words] for words in planted})
    assert missing == [], "who_said_no() makes no row to plant these in"
    assert {"Note.text", "SafeContact.never", "Task.words"} <= set(fields.values())

    client = signed_in_client(riverside.caseworker.user)
    assert "PLANT-Referral-pseudonym" in client.get("/referrals/").text
    url = reverse("duty_to_notify", args=[shown.reference])
    for output in (client.get(url).text, client.get(f"{url}?text").text):
        assert "An adult who may be a victim" in output
        assert [w for w in ("plant", *DATES) if w.casefold() in output.casefold()] == []
    assert [w for w in (shown.reference, "Ash") if w in client.get(f"{url}?text").text] == []


def test_every_personal_field_that_is_a_text_is_planted() -> None:
    """So that none is taken for a code."""
    for model in hanging_on_a_referral():
        named = {field.name for field in texts_of(model)} | {"born_on"}
        for name in personal(model.__name__):
            field = model._meta.get_field(name)
            of = field.base_field if isinstance(field, ArrayField) else field
            if isinstance(of, (*TEXTS, models.BinaryField)) and not of.choices:
                assert name in named, f"{model.__name__}.{name}"
