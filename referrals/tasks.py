"""What beat wakes. One line each: the actions do the work and tolerate repeats."""

from celery import shared_task

from nrm_tracker import database
from referrals import actions, importing


@shared_task
def sweep_delays() -> None:
    actions.sweep(now=database.now())


@shared_task
def deliver_notices() -> None:
    actions.deliver_notices(now=database.now())


@shared_task
def write_digests() -> None:
    actions.write_digests(now=database.now())


@shared_task
def send_emails() -> None:
    actions.send_emails(now=database.now())


@shared_task
def throw_old_rows_away() -> None:
    actions.throw_old_rows_away(now=database.now())


@shared_task
def settle_threshold_drafts() -> None:
    actions.settle_announced(now=database.now())


@shared_task
def run_threshold_previews() -> None:
    actions.run_previews(now=database.now())


@shared_task
def remind_of_training() -> None:
    actions.remind_of_training(now=database.now())


@shared_task
def run_imports() -> None:
    importing.run_imports(now=database.now())
