"""What the sweep is compared with: one statement by hand, and the loop that is usual.

Both judge by the rules that are stored, and leave out what only the product's engine can say.
"""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from benchmarks.database import owner_cursor
from benchmarks.effort import of_backend
from nrm_tracker.database import purpose
from referrals.delays import Breach, assess
from referrals.models import DelayFlag, OutboxMessage, Referral, ThresholdVersion
from referrals.thresholds import rules
from referrals.timelines import case_of

ENDS = ("ends", "dated_ends", "same_organisation", "until_next")
# Time that has gone since the first or each start event, against a limit, until the first end
# event; risks as they stand. No pauses, bank holidays, consent, families or risks along the way.
STATEMENT = """
WITH due AS MATERIALIZED (
    SELECT id, age_group, risks FROM referrals_referral
    WHERE next_deadline_at <= %(now)s ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
), told AS (
    SELECT * FROM unnest(%(rules)s::text[], %(severities)s::text[], %(told)s::text[],
        %(waits_on)s::text[], %(first)s::bool[], %(adults)s::bool[], %(children)s::bool[],
        %(with)s::text[], %(without)s::text[], %(hours)s::int[], %(days)s::int[])
    AS t(rule, severity, told, waits_on, first, adults, children, risk, no_risk, hours, days)
), starting AS (
    SELECT * FROM unnest(%(starting)s::text[], %(started_by)s::text[]) AS t(rule, code)
), ending AS (
    SELECT * FROM unnest(%(ending)s::text[], %(ended_by)s::text[]) AS t(rule, code)
), event AS MATERIALIZED (
    SELECT e.referral_id, e.id, e.code, e.happened_at FROM due
    JOIN referrals_waitevent e ON e.referral_id = due.id
    WHERE NOT EXISTS (SELECT FROM referrals_waitevent s WHERE s.supersedes_id = e.id)
), started AS MATERIALIZED (
    SELECT s.referral_id, t.rule, s.id AS started_by, s.happened_at AS started_at,
        row_number() OVER (PARTITION BY s.referral_id, t.rule ORDER BY s.happened_at) AS n
    FROM event s JOIN starting t USING (code)
), ended AS (
    SELECT s.started_by, s.rule, min(e.happened_at) AS ended_at
    FROM started s JOIN ending t USING (rule)
    JOIN event e ON e.referral_id = s.referral_id AND e.code = t.code
        AND e.happened_at > s.started_at
    GROUP BY s.started_by, s.rule
), wait AS MATERIALIZED (
    SELECT started.*, told.severity, told.told, told.waits_on, ended.ended_at,
        CASE WHEN hours IS NOT NULL THEN started_at + make_interval(hours => hours)
        ELSE (date_trunc('day', started_at AT TIME ZONE 'Europe/London')
            + make_interval(days => days + 1)) AT TIME ZONE 'Europe/London' END AS breached_at
    FROM started JOIN told USING (rule) JOIN due ON due.id = started.referral_id
    LEFT JOIN ended USING (started_by, rule)
    WHERE (n = 1 OR NOT told.first)
        AND CASE due.age_group WHEN 'adult' THEN told.adults ELSE told.children END
        AND (told.risk = '{}' OR due.risks::text[] && told.risk::text[])
        AND NOT due.risks::text[] && told.no_risk::text[]
), flag AS (
    INSERT INTO referrals_delayflag (referral_id, rule, severity, started_by_id, told, waits_on,
        started_at, breached_at, raised_at, ended_at, end_reason)
    SELECT referral_id, rule, severity, started_by, told, waits_on, started_at, breached_at,
        %(now)s, ended_at, CASE WHEN ended_at IS NULL THEN '' ELSE 'ended' END
    FROM wait WHERE breached_at <= %(now)s AND (ended_at IS NULL OR ended_at > breached_at)
    ON CONFLICT (referral_id, rule, severity, started_by_id) DO UPDATE SET
        ended_at = excluded.ended_at, end_reason = excluded.end_reason
    WHERE (referrals_delayflag.ended_at, referrals_delayflag.end_reason)
        IS DISTINCT FROM (excluded.ended_at, excluded.end_reason)
    RETURNING id, referral_id, rule, severity, started_by_id, told, ended_at
), message AS (
    INSERT INTO referrals_outboxmessage (key, referral_id, flag_id, told, created_at)
    SELECT concat_ws(':', referral_id, rule, started_by_id, %(now)s::text), referral_id, id,
        told, %(now)s
    FROM flag WHERE told = 'at_once' AND ended_at IS NULL
    ON CONFLICT DO NOTHING
), ahead AS (
    SELECT due.id, min(wait.breached_at) AS at FROM due
    LEFT JOIN wait ON wait.referral_id = due.id AND wait.breached_at > %(now)s
        AND wait.ended_at IS NULL
    GROUP BY due.id
), settled AS (
    UPDATE referrals_referral r SET next_deadline_at = ahead.at FROM ahead WHERE r.id = ahead.id
    RETURNING 1
)
SELECT (SELECT count(*) FROM settled), (SELECT count(*) FROM flag)
"""


def by_one_statement(*, now: datetime) -> tuple[int, float]:
    """How many it visited, and its effort. It runs as the owner: no policy asks anything."""
    values, start = _limits() | {"now": now}, time.perf_counter()
    with owner_cursor() as cursor:
        cursor.execute("SET enable_nestloop = off")  # it knows nothing of the sizes within
        cursor.execute(STATEMENT, values)
        visited = cursor.fetchone()[0]
        spent = of_backend(cursor.connection.get_backend_pid())
    return visited, spent or time.perf_counter() - start


def _limits() -> dict[str, list[object]]:
    """The stored limits in hours and days, as the statement reads them; a column each. And which
    events start and end a wait of which rule."""
    definitions = ThresholdVersion.objects.order_by("id").values_list("code", "definition")
    judged = [
        (code, rule)
        for code, rule in definitions
        if not {"first", "each"}.isdisjoint(rule["starts"]) and "subject" not in rule
    ]
    rows = [
        _limit(code, rule, limit)
        for code, rule in judged
        for limit in rule["limits"]
        if limit["unit"] != "declines" and not limit.get("to_birthday")
    ]
    found: dict[str, list[object]] = {name: [row[name] for row in rows] for name in rows[0]}
    starts = {code: rule["starts"].get("first") or rule["starts"]["each"] for code, rule in judged}
    ends = {code: [key for name in ENDS for key in rule.get(name, ())] for code, rule in judged}
    found["starting"], found["started_by"] = _pairs(starts)
    found["ending"], found["ended_by"] = _pairs(ends)
    return found


def _limit(code: str, rule: dict[str, Any], limit: dict[str, Any]) -> dict[str, object]:
    asked = rule.get("applies", {}) | limit.get("when", {})
    days = limit["n"] - limit.get("before", 0)
    return {
        "rules": code,
        "severities": limit["severity"],
        "told": limit["told"],
        "waits_on": rule["who_can_end"][0],
        "first": "first" in rule["starts"],
        "adults": asked.get("age") != "child",
        "children": asked.get("age") != "adult",
        "with": f"{{{','.join(asked.get('any_risk', ()))}}}",
        "without": f"{{{','.join(asked.get('no_risk', ()))}}}",
        "hours": limit["n"] if limit["unit"] == "h" else None,
        "days": days * 7 // 5 if limit["unit"] == "wd" else days,
    }


def _pairs(keys: dict[str, list[str]]) -> tuple[list[object], list[object]]:
    """Rules and event codes, without the details that some keys name."""
    pairs = dict.fromkeys((rule, key.split(":")[0]) for rule in keys for key in keys[rule])
    return [rule for rule, _ in pairs], [code for _, code in pairs]


def by_the_usual_loop(ids: Iterable[int], *, now: datetime) -> None:
    """Load each case, evaluate it, look each flag up, notify, save; a transaction each."""
    judged_by = rules()
    waits_on = {rule.code: rule.who_can_end[0] for rule in judged_by.thresholds}
    for pk in ids:
        with purpose("nrm_sweep"):
            referral = Referral.objects.only("id", "next_deadline_at").get(pk=pk)
            breaches, deadline = assess(case_of(referral).timeline, judged_by, now=now)
            for breach in breaches:
                _flag(referral, breach, waits_on[breach.rule], now=now)
            referral.next_deadline_at = deadline
            referral.save(update_fields=["next_deadline_at"])


def _flag(referral: Referral, breach: Breach, waits_on: str, *, now: datetime) -> None:
    flag, raised = DelayFlag.objects.get_or_create(
        referral=referral,
        rule=breach.rule,
        severity=breach.severity,
        started_by_id=breach.started_by,
        defaults={
            "told": breach.told,
            "waits_on": waits_on,
            "started_at": breach.started_at,
            "breached_at": breach.breached_at,
            "raised_at": now,
            "ended_at": breach.ended_at,
            "end_reason": breach.end_reason,
        },
    )
    if raised and breach.ended_at is None and breach.told == "at_once":
        key = f"{referral.pk}:{breach.rule}:{breach.started_by}:{now.isoformat()}"
        OutboxMessage.objects.get_or_create(
            key=key, defaults={"referral": referral, "flag": flag, "created_at": now}
        )
    if not raised and flag.ended_at != breach.ended_at:
        flag.ended_at, flag.end_reason = breach.ended_at, breach.end_reason
        flag.save(update_fields=["ended_at", "end_reason"])
