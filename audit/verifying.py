"""Whether the trail is whole: any changed, removed or inserted entry is found."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from nrm_tracker.database import purpose

Heads = dict[int, tuple[int, str]]  # of each organisation's chain: the last number, its hash

BROKEN = """
SELECT organisation, number FROM (
    SELECT organisation, number, previous, hash, audit_digest(e) AS digest,
           lag(number, 1, 0::bigint) OVER w AS number_before,
           lag(hash, 1, ''::bytea) OVER w AS hash_before
    FROM audit_auditentry e WINDOW w AS (PARTITION BY organisation ORDER BY number)
) t
WHERE number <> number_before + 1 OR previous <> hash_before OR hash <> digest
ORDER BY organisation, number LIMIT 100
"""
TAILS = """
SELECT c.organisation, c.number FROM audit_auditchain c
LEFT JOIN audit_auditentry e USING (organisation, number)
WHERE e.hash IS DISTINCT FROM c.hash
UNION ALL
SELECT DISTINCT e.organisation, 0 FROM audit_auditentry e
WHERE NOT EXISTS (SELECT FROM audit_auditchain c WHERE c.organisation = e.organisation)
ORDER BY 1, 2
"""
HEADS = "SELECT organisation, number, encode(hash, 'hex') FROM audit_auditchain ORDER BY 1"
KNOWN = "SELECT encode(hash, 'hex') FROM audit_auditentry WHERE organisation = %s AND number = %s"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`faults`: each in a sentence. `heads`: to be kept elsewhere, and compared the next time."""

    entries: int
    heads: Heads
    faults: list[str]


def verify(*, known: Mapping[int, tuple[int, str]]) -> Verdict:
    """Recompute every chain; `known` are heads noted earlier, which must stand in it still.

    Who owns the database could write a whole new chain: only heads kept elsewhere tell.
    """
    with purpose("nrm_audit"), connection.cursor() as cursor:
        cursor.execute(BROKEN)
        faults = [
            f"Entry {n} of chain {o} does not follow from the one before it, or was changed."
            for o, n in cursor.fetchall()
        ]
        cursor.execute(TAILS)
        faults += [
            f"Chain {o} does not end with the entry that was appended last ({n})."
            for o, n in cursor.fetchall()
        ]
        for organisation, (number, digest) in known.items():
            cursor.execute(KNOWN, [organisation, number])
            if cursor.fetchone() != (digest,):
                faults.append(f"Entry {number} of chain {organisation} is not the one noted.")
        cursor.execute(HEADS)
        heads = {organisation: (number, digest) for organisation, number, digest in cursor}
        cursor.execute("SELECT count(*) FROM audit_auditentry")
        return Verdict(entries=cursor.fetchone()[0], heads=heads, faults=faults)
