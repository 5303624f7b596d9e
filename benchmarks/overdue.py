"""Some referrals that come due next, and everything as it was before somebody swept them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from benchmarks.database import as_owner, owner_cursor

SAVED = (
    "DROP TABLE IF EXISTS bench_due, bench_flags",
    "CREATE TABLE bench_due AS SELECT id, next_deadline_at FROM referrals_referral"
    " WHERE next_deadline_at <= (SELECT next_deadline_at FROM referrals_referral"
    "  WHERE next_deadline_at IS NOT NULL ORDER BY 1 OFFSET {last} LIMIT 1)",
    "CREATE TABLE bench_flags AS SELECT f.* FROM referrals_delayflag f"
    " JOIN bench_due ON bench_due.id = f.referral_id",
    "ANALYZE bench_due",
)
PUT_BACK = (
    "DELETE FROM referrals_outboxmessage USING bench_due d WHERE d.id = referral_id",
    "DELETE FROM referrals_delayflag USING bench_due d WHERE d.id = referral_id",
    "INSERT INTO referrals_delayflag SELECT * FROM bench_flags",
    "UPDATE referrals_referral r SET next_deadline_at = d.next_deadline_at"
    " FROM bench_due d WHERE d.id = r.id",
    "VACUUM ANALYZE referrals_delayflag, referrals_referral, referrals_outboxmessage",
)


@contextmanager
def coming_due(number: int) -> Iterator[tuple[datetime, list[int]]]:
    """The instant at which so many have come due (a few more at one midnight), and which (ids)."""
    as_owner(*(statement.format(last=number - 1) for statement in SAVED))
    with owner_cursor() as cursor:
        cursor.execute("SELECT max(next_deadline_at), array_agg(id ORDER BY id) FROM bench_due")
        at, ids = cursor.fetchone()
    yield at, ids
    as_owner("DROP TABLE bench_due, bench_flags")


def put_back() -> None:
    """As it was before they came due."""
    as_owner(*PUT_BACK)
