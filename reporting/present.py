"""Who waits now, and what falls due: of everybody, whenever they asked for help."""

from collections import Counter
from datetime import date

from nrm_tracker.ui.words import day_in_words
from organisations.calendars import calendars
from referrals.ways.way import AGES, DUE, age_label
from reporting.links import Link
from reporting.tables import Figure, Line, Table


def ageing(present: Counter[str], link: Link) -> Table:
    lines = [
        Line(
            age_label(low, high),
            (Figure(present[f"aged-{low}"], link(f"aged-{low}")),),
        )
        for low, high in AGES
    ]
    total = Figure(present["waiting"], link("waiting"))
    return Table(
        code="ageing",
        title="Who waits now, and how long already",
        counted="Everybody who has not entered and is not closed, whenever they asked for help.",
        head=("Have waited for", "People"),
        lines=(*lines, Line("All who wait", (total,))),
        down=True,
        empty="Everybody who waits to enter will be counted here, by how long already.",
    )


def falls_due(present: Counter[str], link: Link, *, today: date) -> Table:
    days = calendars()["england"]
    lines = []
    for n in DUE:
        day = day_in_words(days.working_day(today, n), today=today)
        label = f"Today, or by the end of {day}" if n == 1 else day
        lines.append(Line(label, (Figure(present[f"due-{n}"], link(f"due-{n}")),)))
    total = sum(line.figures[0].value or 0 for line in lines)
    return Table(
        code="due",
        title="What falls due in the next five working days",
        counted="People with an open referral, by the working day by whose end their next limit "
        "passes. The days named are those of England and Wales; each person's own nation counts.",
        head=("By the end of", "People"),
        lines=(*lines, Line("All of them", (Figure(total, link("due")),))),
        down=True,
        empty="People whose next limit passes soon will be counted here, by day.",
    )
