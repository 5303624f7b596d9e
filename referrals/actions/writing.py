"""Pages of questions: sealed with the survivor's key, kept version by version."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from audit import log
from audit.models import Action
from nrm_tracker.sealing import Place, seal, unseal
from organisations.actor import Actor
from referrals.actions.locking import lock
from referrals.actions.submitting import sent_before
from referrals.actions.survivors import key_of, survivor_of
from referrals.errors import ChangedMeanwhile, ErasedAlready
from referrals.models import Referral, Survivor, WrittenPage

TABLE, SEALED = "referrals_writtenpage", "answers"
Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A version of a page with its answers; None where the key that opens them was erased."""

    row: WrittenPage
    answers: Answers | None

    def says(self, name: str) -> str:
        return (self.answers or {}).get(name, "")

    def __repr__(self) -> str:
        return f"OpenedPage({self.row})"  # never in a log or an error page


@transaction.atomic
def write_page(
    *,
    referral: Referral,
    page: str,
    answers: Answers,
    state: str,
    have: Sequence[str] = (),
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> WrittenPage | None:
    """Keep a page in place of the version before; None when the form was sent before.

    `version` is the page's own, 0 where there was none: whoever writes another page is in nobody's
    way. The same again is not kept twice. Raises ErasedAlready, ChangedMeanwhile.
    """
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return None
    before = newest_page(referral=locked, page=page)
    number = before.row.number if before else 0
    if version is not None and version != number:
        raise ChangedMeanwhile(version, "page")
    said = {name: words for name, words in answers.items() if words}
    standing = before and (before.answers, before.row.state, before.row.have)
    if before and standing == (said, state, list(have)):
        return before.row
    row = WrittenPage(referral=locked, page=page, number=number + 1, state=state, have=list(have))
    _keep(row, said, by=by, now=now)
    changed = dict(said.items() ^ (before.answers if before and before.answers else {}).items())
    subject = f"page {page}"
    log.record(
        Action.PAGE_WRITTEN, by=by, now=now, referral=locked.pk, subject=subject, fields=changed
    )
    return row


def _keep(row: WrittenPage, said: Answers, *, by: Actor, now: datetime) -> None:
    sealing = survivor_of(row.referral, now=now)[1]
    row.written_at, row.recorded_by_id, row.by_id = now, by.organisation_id, by.user_id
    row.answers = seal(json.dumps(said), key=sealing, place=_place(row))
    row.save(force_insert=True)


def newest_page(*, referral: Referral, page: str) -> OpenedPage | None:
    """The version that stands, of a referral that the context shows."""
    return next(iter(versions_of(referral=referral, page=page)), None)


def versions_of(*, referral: Referral, page: str) -> list[OpenedPage]:
    """Every version of a page, the newest first."""
    rows = WrittenPage.objects.filter(referral=referral, page=page).order_by("-number")
    return _opened(referral, list(rows.select_related("by", "recorded_by")))


def pages_of(*, referral: Referral) -> dict[str, OpenedPage]:
    """The pages that stand, by their codes."""
    rows = _newest(referral).select_related("by", "recorded_by")
    return {opened.row.page: opened for opened in _opened(referral, list(rows))}


def states_of(*, referral: Referral) -> dict[str, WrittenPage]:
    """How far each page is, by its code; the answers are left where they are."""
    return {row.page: row for row in _newest(referral).defer("answers")}


def _newest(referral: Referral) -> models.QuerySet[WrittenPage]:
    pages = WrittenPage.objects.filter(referral=referral)
    return pages.order_by("page", "-number").distinct("page")


def _opened(referral: Referral, rows: list[WrittenPage]) -> list[OpenedPage]:
    key = _key(referral) if rows else None
    return [OpenedPage(row, _answers(row, key) if key else None) for row in rows]


def _answers(row: WrittenPage, key: bytes) -> Answers:
    said: dict[str, str] = json.loads(unseal(bytes(row.answers), key=key, place=_place(row)))
    return said


def _key(referral: Referral) -> bytes | None:
    try:
        return key_of(Survivor.objects.get(referral=referral))
    except ErasedAlready:
        return None


def _place(row: WrittenPage) -> Place:
    return Place(TABLE, SEALED, row.pk)
