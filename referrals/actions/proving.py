"""Issue a proof of wait with the person's consent, open it again, withdraw it."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from nrm_tracker.sealing import Place, seal, unseal
from nrm_tracker.signing import sign
from organisations.models import Membership
from referrals import identity as sealed
from referrals import proofs
from referrals.actions.locking import check_version, lock
from referrals.actions.submitting import sent_before
from referrals.actions.survivors import key_of, survivor_of
from referrals.consent import is_asked, may_share
from referrals.errors import ErasedAlready, NoConsentToShare, NotSafeToKeep, WithdrawnAlready
from referrals.models import Proof, Referral, Survivor, WaitEvent
from referrals.proofs import Chronology
from referrals.references import new_number

TABLE, SEALED = "referrals_proof", "content"


@transaction.atomic
def issue_proof(
    *,
    referral: Referral,
    addressed_to: Proof.For,
    safe_to_keep: bool,
    with_name: bool = False,
    by: Membership,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Proof | None:
    """None when the form was sent before. `version` is that of the record that was looked at.
    Raises NoConsentToShare, NotSafeToKeep, ErasedAlready, ChangedMeanwhile."""
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return None
    check_version(locked, version)
    _check_consent(locked, now=now)
    if addressed_to == Proof.For.PERSON and not safe_to_keep:
        raise NotSafeToKeep(
            "It is not safe for them to keep it, or nobody asked. Give it to their legal "
            "representative instead."
        )
    survivor, sealing = survivor_of(locked, now=now)
    said = chronology(referral=locked, by=by, now=now)
    if with_name:
        said = said.named(_name(survivor, key=sealing))
    proof = _row(locked, said, by=by, now=now)
    proof.addressed_to, proof.safe_to_keep = addressed_to, safe_to_keep
    proof.content = seal(proofs.packed(said), key=sealing, place=_place(proof))
    proof.save(force_insert=True)
    fields = ["name"] if said.name else []
    log.record(
        Action.PROOF_ISSUED,
        by=by,
        now=now,
        referral=locked.pk,
        subject=f"proof {proof.pk}",
        fields=fields,
    )
    return proof


@transaction.atomic
def withdraw_proof(*, proof: Proof, why: Proof.Why, by: Membership, now: datetime) -> None:
    """From now on a check says that it does not stand. Raises WithdrawnAlready."""
    locked = Proof.objects.select_for_update(of=("self",)).get(pk=proof.pk)
    if locked.withdrawn_at:
        raise WithdrawnAlready("This proof is withdrawn already.")
    locked.withdrawn_at, locked.withdrawn_by_id, locked.withdrawn_why = now, by.user_id, why
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    log.record(
        Action.PROOF_WITHDRAWN,
        by=by,
        now=now,
        referral=locked.referral_id,
        subject=f"proof {locked.pk}",
        reason=why,
    )


def chronology(*, referral: Referral, by: Membership, now: datetime) -> Chronology:
    """What a proof would say now, without the name."""
    events = WaitEvent.objects.filter(referral=referral).standing()
    return proofs.chronology_of(
        events.select_related("organisation", "recorded_by", "submitted_by"),
        reference=referral.reference,
        issued_by=str(by.organisation),
        now=now,
    )


def opened_proof(*, proof: Proof, by: Membership, now: datetime) -> Chronology | None:
    """What it said, after noting who opened it; None where the key that opens it was erased."""
    log.record(
        Action.PROOF_SHOWN, by=by, now=now, referral=proof.referral_id, subject=f"proof {proof.pk}"
    )
    try:
        key = key_of(Survivor.objects.get(referral=proof.referral_id))
    except ErasedAlready:
        return None
    return proofs.unpacked(unseal(bytes(proof.content), key=key, place=_place(proof)))


Found = tuple[datetime, datetime | None, datetime | None, bool]


def checked(*, number: str, code: str) -> Found | None:
    """Of a proof with this number and check code: issued when, withdrawn when, followed by another
    when, and whether the record of its lines was corrected since. None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nrm_check_proof(%s, %s)", [number, code])
        found: Found | None = cursor.fetchone()
    return found


def _check_consent(referral: Referral, *, now: datetime) -> None:
    standing = list(WaitEvent.objects.filter(referral=referral).standing())
    asked = is_asked(referral, on=london_date(now))
    if not may_share(standing, asked=asked):
        raise NoConsentToShare(
            "No consent to sharing information stands. Ask the person first, and record what they "
            "say."
            if asked
            else "Nobody has agreed to sharing, or somebody did not. Ask the child, or who may "
            "speak for them, and record what they say under Consent."
        )


def _name(survivor: Survivor, *, key: bytes) -> str:
    identity = sealed.read(survivor, key=key)
    return f"{identity.given_names} {identity.family_name}".strip()


def _row(referral: Referral, said: Chronology, *, by: Membership, now: datetime) -> Proof:
    number, content_hash = new_number(), proofs.hash_of(said)
    signature = sign(proofs.to_sign(number, content_hash))
    return Proof(
        referral=referral,
        number=number,
        content_hash=content_hash,
        rests_on=list(said.rests_on),
        names_person=bool(said.name),
        signed_with=signature.public_key,
        signature=signature.value,
        issued_at=now,
        recorded_by_id=by.organisation_id,
        by_id=by.user_id,
    )


def _place(proof: Proof) -> Place:
    return Place(TABLE, SEALED, proof.pk)
