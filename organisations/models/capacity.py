from datetime import date

import pghistory
from django.db import models
from django.db.models import F, Q

from organisations.capacity import Cause, Room, Slots, slots_of
from organisations.models.organisation import Organisation


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    context_field=None,
    model_name="CapacityHistory",
)
class Capacity(models.Model):
    """How much room an organisation last said that it has. Everybody may read it.

    Each time it is said, a trigger appends what was said to the history, which is the
    organisation's own. Who said it stands in the audit trail, and nowhere here.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="capacity"
    )
    state = models.CharField(max_length=10, choices=Room.choices)
    since = models.DateField()  # in this state
    until = models.DateField(null=True)  # when it is expected to end, as far as that is known
    cause = models.CharField(max_length=20, choices=Cause.choices, blank=True)
    words = models.CharField(max_length=200, blank=True)  # on the organisation, never on a person
    weekly = models.JSONField(default=list)  # see Slots
    next_free_on = models.DateField(null=True)
    said_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", cause="", until__isnull=True)
                | ~Q(state="open") & ~Q(cause=""),
                name="who_has_less_room_says_why",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="less_room_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state="paused") | Q(next_free_on__isnull=True),
                name="who_is_paused_offers_no_appointment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.state}"

    @property
    def slots(self) -> tuple[Slots, ...]:
        return slots_of(self.weekly)

    def has_passed(self, today: date) -> bool:
        """Whether a date in it that was to lie ahead lies in the past."""
        return any(day is not None and day < today for day in (self.until, self.next_free_on))
