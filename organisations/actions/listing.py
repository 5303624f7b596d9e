"""What published lists and sources say, beside what the register says. Nothing that a person
confirmed is overwritten, and where lists disagree nobody guesses."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from nrm_tracker.database import purpose
from organisations.actions.keeping import free_slug, locked, note, owe_reassessment
from organisations.errors import NothingToSettle
from organisations.models import (
    Alias,
    ContactRoute,
    Listing,
    Membership,
    Organisation,
    PublishedFact,
    PublishedList,
)
from organisations.published_register import OrganisationSaid, PublishedRegister

RULES_READ = {"duty_to_notify"}  # by which a wait is judged


@dataclass(slots=True)
class Loaded:
    """By name: new in the register, changed in it, and where it says otherwise than a source."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)


def load_register(*, published: PublishedRegister, now: datetime) -> Loaded:
    """Bring what is published. What nobody has checked yet follows its source; of what somebody
    has checked, only the difference is kept. Repeating it changes nothing."""
    loaded = Loaded()
    with purpose("nrm_register"):
        lists = _lists(published)
        rows = {}
        for said in published.organisations:
            row = rows[said.name] = _found(said.name) or _added(said, loaded, now=now)
            if _brought(row, said, lists, loaded, now=now) and said.name not in loaded.added:
                loaded.changed.append(said.name)
        for said in published.organisations:
            row = rows[said.name]
            if said.succeeded_by and not (row.succeeded_by_id or row.is_kept_by_somebody):
                row.succeeded_by = rows[said.succeeded_by]
                row.save(update_fields=["succeeded_by"])
    return loaded


def take_fact(*, fact: PublishedFact, by: Membership, now: datetime) -> None:
    """The source is right: the register says the same from now on."""
    with locked(fact.organisation, None, by=by, now=now) as row:
        setattr(row, fact.field, fact.value)
        row.save()
        owe_reassessment(row, f"The register's facts on {row} changed", now=now)


def keep_fact(*, fact: PublishedFact, by: Membership, now: datetime) -> None:
    """The register is right, until the source says something else."""
    with purpose("nrm_register"):
        PublishedFact.objects.filter(pk=fact.pk).update(kept_at=now, kept_by=by.user_id)
        note(fact.organisation, by=by, now=now, reason="fact_kept")


def settle_lists(
    *, organisation: Organisation, evidence: str, version: int, by: Membership, now: datetime
) -> None:
    """It is not designated, whatever a list says, until a list says something new. Where it is,
    its designation is recorded. Raises NothingToSettle, ChangedMeanwhile."""
    with locked(organisation, version, by=by, now=now) as row:
        if not Listing.objects.filter(organisation=row).exists():
            raise NothingToSettle("No list names it. There is nothing to settle.")
        row.lists_settled_at, row.lists_settled_with = now, evidence
        row.save()


def _lists(published: PublishedRegister) -> dict[str, PublishedList]:
    found = {}
    for said in published.lists:
        found[said.code], _ = PublishedList.objects.update_or_create(
            code=said.code, defaults=asdict(said)
        )
    return found


def _found(name: str) -> Organisation | None:
    rows = Organisation.objects.select_for_update(of=("self",))
    return rows.filter(name__iexact=name).first() or rows.filter(aliases__name__iexact=name).first()


def _added(said: OrganisationSaid, loaded: Loaded, *, now: datetime) -> Organisation:
    """Of hours nothing is known, and nobody has checked it."""
    loaded.added.append(said.name)
    row = Organisation.objects.create(
        name=said.name,
        slug=free_slug(said.name),
        kind=said.kind,
        is_group=said.is_group,
        is_statutory=said.is_statutory,
        nations=[],
        open_days=[],
        changed_at=now,
    )
    note(row, by=None, now=now, reason="register_loaded")
    return row


def _brought(
    row: Organisation,
    said: OrganisationSaid,
    lists: Mapping[str, PublishedList],
    loaded: Loaded,
    *,
    now: datetime,
) -> bool:
    for alias in said.aliases:
        Alias.objects.get_or_create(
            organisation=row, name=alias["name"], defaults={"used_in": alias["used_in"]}
        )
    for code, says in said.lists.items():
        _list_says(row, lists[code], says, said.notes.get(code, ""), now=now)
    for route in said.routes:
        if not row.routes.filter(kind=route.kind, value=route.value).exists():
            ContactRoute.objects.create(organisation=row, recorded_at=now, **asdict(route))
    return _facts(row, said, loaded, now=now)


def _list_says(
    row: Organisation, of: PublishedList, says: str, words: str, *, now: datetime
) -> None:
    """When it changed is kept: what somebody settled is settled until then."""
    listing = Listing.objects.filter(organisation=row, of=of).first()
    if listing is None:
        Listing.objects.create(organisation=row, of=of, says=says, note=words, changed_at=now)
    elif (listing.says, listing.note) != (says, words):
        changed_at = now if listing.says != says else listing.changed_at
        Listing.objects.filter(pk=listing.pk).update(says=says, note=words, changed_at=changed_at)


def _facts(row: Organisation, said: OrganisationSaid, loaded: Loaded, *, now: datetime) -> bool:
    changed = set()
    for fact in said.facts:
        known = PublishedFact.objects.filter(organisation=row, field=fact.field).first()
        if known is None or known.value != fact.value:
            PublishedFact.objects.update_or_create(
                organisation=row,
                field=fact.field,
                defaults=asdict(fact) | {"found_at": now, "kept_at": None, "kept_by": None},
            )
        if getattr(row, fact.field) == fact.value:
            continue
        if not row.is_kept_by_somebody:
            setattr(row, fact.field, fact.value)
            changed.add(fact.field)
        elif known is None or known.value != fact.value or known.kept_at is None:
            loaded.differ.append(f"{row}: {fact.field}")
    if changed:
        row.changed_at, row.changed_by = now, None
        row.save()
    if changed & RULES_READ and row.memberships.exists():
        owe_reassessment(row, f"The register's facts on {row} changed", now=now)
    return bool(changed)
