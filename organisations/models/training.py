from django.conf import settings
from django.db import models

from organisations.models.membership import Membership


class Training(models.Model):
    """A member completed a First Responder's training on a London date. Appended."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="trainings")
    trained_on = models.DateField()
    course = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "trained_on", "course"],
                name="a_training_is_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.trained_on}"
