"""A First Responder's training ends: told to them and to their managers, before it and once it has.

In lists only, as rule 32 says: a notice in the product, and no e-mail.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.query import QuerySet

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.models import Membership, Training
from organisations.roles import Role
from referrals.models import Notice, OutboxMessage, Told

AHEAD = BEHIND = timedelta(days=30)  # what ended longer ago is old: it stands on the Members page
UNTIL = ExpressionWrapper(  # the last day on which it counts
    F("trained_on") + F("module__good_for_days"), output_field=DateField()
)
READ = ("id", "training__membership__organisation", "training__membership__user")


def remind_of_training(*, now: datetime) -> int:
    """Tell of each training that ends within 30 days, and of each that has ended, once; how many
    were told of now. May run at any time, and again."""
    with purpose("nrm_sweep"):
        _write(now=now)
        messages = list(
            OutboxMessage.objects.filter(delivered_at__isnull=True, training__isnull=False)
            .order_by("id")
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("training__membership")
            .only(*READ)
        )
        Notice.objects.bulk_create(_notices(messages, now=now), ignore_conflicts=True)
        OutboxMessage.objects.filter(pk__in=[each.pk for each in messages]).update(delivered_at=now)
    return len(messages)


def _write(*, now: datetime) -> None:
    today = london_date(now)
    due = (
        _required()
        .annotate(until=UNTIL)
        .filter(until__gte=today - BEHIND, until__lte=today + AHEAD)
    )
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=f"training:{pk}:{'ended' if until < today else 'ends'}",
                training_id=pk,
                told=Told.LIST,
                created_at=now,
            )
            for pk, until in due.values_list("pk", "until")
        ],
        ignore_conflicts=True,
    )


def _required() -> QuerySet[Training]:
    """Of those who act as First Responders, the last training in each module that they need."""
    later = (
        Training.objects.standing()
        .filter(membership=OuterRef("membership"), module=OuterRef("module"))
        .filter(
            Q(trained_on__gt=OuterRef("trained_on"))
            | Q(trained_on=OuterRef("trained_on"), pk__gt=OuterRef("pk"))
        )
    )
    return Training.objects.standing().filter(
        ~Exists(later),
        membership__in=Membership.objects.active().filter(first_responder_since__isnull=False),
        module__required=True,
        module__ended_at__isnull=True,
    )


def _notices(messages: Iterable[OutboxMessage], *, now: datetime) -> list[Notice]:
    of = {each: each.training.membership for each in messages if each.training}
    leaders = _leaders({member.organisation_id for member in of.values()})
    return [
        Notice(
            message=message,
            user_id=user,
            organisation_id=member.organisation_id,
            training_id=message.training_id,
            told=message.told,
            created_at=now,
        )
        for message, member in of.items()
        for user in {member.user_id, *leaders.get(member.organisation_id, ())}
    ]


def _leaders(organisations: set[int]) -> dict[int, list[int]]:
    """The managers of each; where there is none, the safeguarding leads."""
    found: dict[int, list[int]] = {}
    for role in (Role.MANAGER, Role.SAFEGUARDING_LEAD):
        rows = Membership.objects.active().filter(role=role, organisation__in=organisations)
        of_role: dict[int, list[int]] = {}
        for organisation, user in rows.values_list("organisation_id", "user_id"):
            of_role.setdefault(organisation, []).append(user)
        found = of_role | found
    return found
