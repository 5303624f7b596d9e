"""The organisations of the demonstration and who works there. All of it is invented."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.demonstration import ensure_account
from nrm_tracker.calendars import london_date
from nrm_tracker.database import context, purpose
from organisations.models import Designation, Membership, Organisation, Training, TrainingModule
from organisations.roles import Role
from referrals.demonstration.applying import say_of_applications
from referrals.demonstration.sources import say_of_register

FIRST_DESIGNATED = date(2015, 11, 1)
SUSPENDED = timedelta(days=95)  # ago
MARKED, TRAINED = timedelta(days=780), (timedelta(days=120), timedelta(days=400))  # ago
SOURCE = "Invented for the demonstration"


@dataclass(frozen=True, slots=True)
class Cast:
    """An organisation, who works there, and how busy it is: all its referrals, those who still
    wait to enter, and of these those whose delay is known and taken up."""

    name: str
    slug: str
    takes: str
    people: tuple[tuple[str, str, Role], ...]
    referrals: int = 0
    waiting: int = 0
    owned: int = 0
    needing: int = 0
    nations: tuple[str, ...] = ("england", "wales")
    reviewed_days_ago: int = 20


CASEWORKER, MANAGER = Role.CASEWORKER, Role.MANAGER
RIVERSIDE = Cast(
    "Riverside Support (fictitious)",
    "riverside",
    "Adults of any gender, families with children",
    (
        ("caseworker", "Caseworker Ash", CASEWORKER),
        ("manager", "Manager Bay", MANAGER),
        ("second", "Caseworker Cedar", CASEWORKER),
        ("third", "Caseworker Dune", CASEWORKER),
        ("lead", "Safeguarding Lead Cove", Role.SAFEGUARDING_LEAD),
    ),
    referrals=150,
    waiting=60,
    owned=30,
    needing=6,
)
NORTHGATE = Cast(
    "Northgate Trust (fictitious)",
    "northgate",
    "Adults exploited at work",
    (("caseworker", "Caseworker Elm", CASEWORKER), ("manager", "Manager Fen", MANAGER)),
    referrals=70,
    waiting=24,
    owned=8,
    needing=2,
    nations=("england", "wales", "scotland"),
    reviewed_days_ago=41,
)
HARBOUR = Cast(
    "Harbour House (fictitious)",
    "harbour",
    "Women, and women with children",
    (("caseworker", "Caseworker Gale", CASEWORKER), ("manager", "Manager Hill", MANAGER)),
    referrals=40,
    waiting=12,
    owned=4,
    needing=1,
    nations=("england", "northern_ireland"),
    reviewed_days_ago=97,
)
LANTERN = Cast(
    "Lantern Collective (fictitious)",
    "lantern",
    "Domestic workers; has applied to become a First Responder Organisation",
    (("caseworker", "Caseworker Isle", CASEWORKER), ("manager", "Manager Jetty", MANAGER)),
    referrals=25,
    waiting=10,
    owned=4,
    needing=1,
    nations=("england",),
)
MILLBROOK = Cast(
    "Millbrook Aid (fictitious)",
    "millbrook",
    "Takes nobody new while suspended",
    (("caseworker", "Caseworker Knoll", CASEWORKER), ("manager", "Manager Ledge", MANAGER)),
    referrals=15,
    waiting=6,
    owned=3,
    needing=0,
    nations=("england",),
    reviewed_days_ago=5,
)
DESK = Cast(
    "Register Desk (fictitious)",
    "register-desk",
    "",
    (
        ("administrator", "Administrator Moor", Role.DESIGNATION_ADMINISTRATOR),
        ("administrator.2", "Administrator Quay", Role.DESIGNATION_ADMINISTRATOR),
    ),
)
FIRST_RESPONDERS = (RIVERSIDE, NORTHGATE, HARBOUR, LANTERN, MILLBROOK)


@dataclass(frozen=True, slots=True)
class Staffed:
    """An organisation of the cast as it now stands in the database."""

    cast: Cast
    organisation: Organisation
    caseworkers: tuple[Membership, ...]
    manager: Membership


def open_register(*, now: datetime) -> dict[str, Staffed]:
    """Organisations, accounts, memberships and designations; the organisations by slug."""
    with purpose("nrm_register"):
        desk = _organisation(DESK, now)
    administrator, _ = _members(DESK, desk, now)
    staffed = {}
    for number, cast in enumerate(FIRST_RESPONDERS):
        with purpose("nrm_register"):
            organisation = _organisation(cast, now, telephone=f"01632 960{number}10")
        members = _members(cast, organisation, now)
        staffed[cast.slug] = Staffed(
            cast=cast,
            organisation=organisation,
            caseworkers=tuple(m for m in members if m.role == CASEWORKER),
            manager=next(m for m in members if m.role == MANAGER),
        )
    with purpose("nrm_register"):
        _designate(staffed, administrator, now)
        _train(staffed[RIVERSIDE.slug], now)
    register = {slug: one.organisation for slug, one in staffed.items()}
    with context(user=administrator.user_id, organisation=desk.pk):
        say_of_register(register, administrator, now=now)
        say_of_applications(
            register[LANTERN.slug], staffed[LANTERN.slug].manager, administrator, now=now
        )
    return staffed


def _organisation(cast: Cast, now: datetime, telephone: str = "") -> Organisation:
    return Organisation.objects.create(
        name=cast.name,
        slug=cast.slug,
        is_oversight=cast is DESK,
        nations=list(cast.nations),
        email_domains=[f"{cast.slug}.example"],
        takes=cast.takes,
        telephone=telephone,
        on_call=f"The duty manager, {telephone}" if telephone else "",
        last_reviewed_on=london_date(now) - timedelta(days=cast.reviewed_days_ago),
    )


def _members(cast: Cast, organisation: Organisation, now: datetime) -> list[Membership]:
    users = [
        (ensure_account(email=f"{address}@{cast.slug}.example", name=name), role)
        for address, name, role in cast.people
    ]
    with purpose("nrm_register"):
        return [
            Membership.objects.create(
                user=user,
                organisation=organisation,
                role=role,
                started_at=now - timedelta(days=800),
            )
            for user, role in users
        ]


def _train(staffed: Staffed, now: datetime) -> None:
    """All caseworkers act as First Responders; of the first two one is trained, one was."""
    today = london_date(now)
    for member in staffed.caseworkers:
        member.first_responder_since = today - MARKED
        member.save(update_fields=["first_responder_since"])
    module = TrainingModule.objects.for_all().get(name="First Responder")
    Training.objects.bulk_create(
        Training(
            membership=member,
            module=module,
            trained_on=today - ago,
            course=module.name,
            recorded_by=staffed.manager.user,
            recorded_at=now,
        )
        for member, ago in zip(staffed.caseworkers, TRAINED, strict=False)
    )


def _designate(staffed: dict[str, Staffed], administrator: Membership, now: datetime) -> None:
    suspended = london_date(now) - SUSPENDED
    said = {"source": SOURCE, "recorded_by": administrator.user, "recorded_at": now}
    for cast in (RIVERSIDE, NORTHGATE, HARBOUR, MILLBROOK):
        Designation.objects.create(
            organisation=staffed[cast.slug].organisation,
            status=Designation.Status.ACTIVE,
            effective_from=FIRST_DESIGNATED,
            effective_until=suspended if cast is MILLBROOK else None,
            known_from=FIRST_DESIGNATED,
            scope=cast.takes,
            **said,
        )
    Designation.objects.create(
        organisation=staffed[MILLBROOK.slug].organisation,
        status=Designation.Status.SUSPENDED,
        effective_from=suspended,
        known_from=suspended + timedelta(days=3),
        reason="No trained First Responder is left; asked for by the organisation itself",
        **said,
    )
