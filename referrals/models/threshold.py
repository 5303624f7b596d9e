from django.db import models


class ThresholdVersion(models.Model):
    """One version of one safeguarding threshold. The engine reads `definition`; see delays.py.

    The first version of each has no `effective_from`: it is in force for all time. A later one
    judges every wait that still runs when it takes effect.
    """

    code = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    effective_from = models.DateTimeField(null=True)
    definition = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "effective_from"],
                nulls_distinct=False,
                name="one_version_of_a_threshold_takes_effect_at_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code
