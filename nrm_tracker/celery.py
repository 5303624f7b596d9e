"""Worker and beat. Beat knows intervals only: clock changes make hours of the day unreliable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nrm_tracker.settings")

from django.conf import settings

app = Celery("nrm_tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep_delays": {
        "task": "referrals.tasks.sweep_delays",
        "schedule": settings.SWEEP_INTERVAL,
        "options": {"expires": settings.SWEEP_INTERVAL.total_seconds()},
    },
    "deliver_notices": {
        "task": "referrals.tasks.deliver_notices",
        "schedule": settings.DRAIN_INTERVAL,
        "options": {"expires": settings.DRAIN_INTERVAL.total_seconds()},
    },
    "write_digests": {
        "task": "referrals.tasks.write_digests",
        "schedule": settings.MORNING_INTERVAL,
        "options": {"expires": settings.MORNING_INTERVAL.total_seconds()},
    },
    "send_emails": {
        "task": "referrals.tasks.send_emails",
        "schedule": settings.DRAIN_INTERVAL,
        "options": {"expires": settings.DRAIN_INTERVAL.total_seconds()},
    },
    "throw_old_rows_away": {
        "task": "referrals.tasks.throw_old_rows_away",
        "schedule": settings.TIDY_INTERVAL,
        "options": {"expires": settings.TIDY_INTERVAL.total_seconds()},
    },
    "run_imports": {
        "task": "referrals.tasks.run_imports",
        "schedule": settings.DRAIN_INTERVAL,
        "options": {"expires": settings.DRAIN_INTERVAL.total_seconds()},
    },
    "learn_rest_days": {
        "task": "organisations.tasks.learn_rest_days",
        "schedule": settings.TIDY_INTERVAL,
        "options": {"expires": settings.TIDY_INTERVAL.total_seconds()},
    },
    "settle_announced_designations": {
        "task": "organisations.tasks.settle_announced_designations",
        "schedule": settings.SWEEP_INTERVAL,
        "options": {"expires": settings.SWEEP_INTERVAL.total_seconds()},
    },
    "run_threshold_previews": {
        "task": "referrals.tasks.run_threshold_previews",
        "schedule": settings.DRAIN_INTERVAL,
        "options": {"expires": settings.DRAIN_INTERVAL.total_seconds()},
    },
    "run_what_ifs": {
        "task": "reporting.tasks.run_what_ifs",
        "schedule": settings.DRAIN_INTERVAL,
        "options": {"expires": settings.DRAIN_INTERVAL.total_seconds()},
    },
    "settle_threshold_drafts": {
        "task": "referrals.tasks.settle_threshold_drafts",
        "schedule": settings.SWEEP_INTERVAL,
        "options": {"expires": settings.SWEEP_INTERVAL.total_seconds()},
    },
    "remind_of_training": {
        "task": "referrals.tasks.remind_of_training",
        "schedule": settings.TIDY_INTERVAL,
        "options": {"expires": settings.TIDY_INTERVAL.total_seconds()},
    },
    "throw_old_drafts_away": {
        "task": "accounts.tasks.throw_old_drafts_away",
        "schedule": settings.TIDY_INTERVAL,
        "options": {"expires": settings.TIDY_INTERVAL.total_seconds()},
    },
}
