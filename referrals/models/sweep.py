from django.db import models


class SweepRun(models.Model):
    """One pass of the sweep over everything due, and the heartbeat that pages look at.

    `checked_until`: every deadline up to this instant has been looked at.
    """

    started_at = models.DateTimeField()
    checked_until = models.DateTimeField(null=True)
    visited = models.PositiveIntegerField(default=0)
    raised = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    retracted = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-checked_until"], name="sweeps_latest_first")]

    def __str__(self) -> str:
        return f"sweep {self.started_at:%Y-%m-%d %H:%M:%S}"
