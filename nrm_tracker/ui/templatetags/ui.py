"""The components: one tag, one file in templates/components/. `/design/` shows them all."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms, template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nrm_tracker.ui import charts, words
from nrm_tracker.ui.forms import error_links
from nrm_tracker.ui.parts import Difference, Entry, Line, Step

register = template.Library()
component = register.inclusion_tag

SEVERITIES = {
    "info": "For information",
    "due": "Due soon",
    "amber": "Delayed",
    "red": "Seriously delayed",
    "critical": "Critical",
}
NUMBER = re.compile(r"(?<![\w+])((?:\+|0)\d(?:[ ()-]{0,2}\d){5,13})")
TONES = {"info": "information", "debug": "information"}


@component("components/demonstration_banner.html")
def demonstration_banner() -> dict[str, Any]:
    return {"demonstration": settings.NRM_DEMONSTRATION}


@component("components/error_summary.html")
def error_summary(*forms_: forms.BaseForm) -> dict[str, Any]:
    return {"links": [link for form in forms_ for link in error_links(form)]}


@component("components/severity.html")
def severity(code: str, text: str = "") -> dict[str, Any]:
    """Words and colour: info, due, amber, red, critical; `text` says more than the usual word."""
    return {"code": code, "text": text or SEVERITIES[code]}


@component("components/wait_bar.html")
def wait_bar(
    gone: float, limit: float, unit: str = "days", paused: float = 0, near: float = 0.7
) -> dict[str, Any]:
    """Time gone against its limit, what did not count hatched.

    From the share `near` of the limit on, the bar says that the limit is close.
    """
    drawing = charts.wait_drawing(gone, limit, paused=paused, unit=unit, near=near)
    return {"drawing": drawing, "width": charts.WAIT_WIDTH, "height": charts.WAIT_HEIGHT}


@component("components/tile.html")
def tile(label: str, number: Any, url: str = "", hint: str = "", tone: str = "") -> dict[str, Any]:
    return {"label": label, "number": number, "url": url, "hint": hint, "tone": tone}


@component("components/pagination.html")
def pagination(previous_url: str = "", next_url: str = "", label: str = "Pages") -> dict[str, Any]:
    return {"previous": previous_url, "next": next_url, "label": label}


@component("components/empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """What will appear here, and how."""
    return {"title": title, "text": text, "url": url, "action": action}


@component("components/summary.html")
def summary(lines: Sequence[Line]) -> dict[str, Any]:
    return {"lines": lines}


@component("components/task_list.html")
def task_list(steps: Sequence[Step], name: str) -> dict[str, Any]:
    """Each step with its status; `name` tells the lists of one page apart."""
    return {"steps": steps, "name": name}


@component("components/timeline.html", takes_context=True)
def timeline(context: Context, entries: Sequence[Entry], level: int = 3) -> dict[str, Any]:
    return {"entries": entries, "heading": f"h{level}", "request": context.get("request")}


@component("components/alert.html")
def alert(text: str, tone: str = "information", title: str = "") -> dict[str, Any]:
    """Tones: information, success, warning, error; Django's message levels are understood."""
    return {"text": text, "tone": TONES.get(tone, tone), "title": title}


@component("components/filters.html", takes_context=True)
def filters(
    context: Context, form: forms.BaseForm, clear_url: str = "", title: str = "Filter"
) -> dict[str, Any]:
    return {"form": form, "clear_url": clear_url, "title": title, "request": context.get("request")}


@component("components/conflict.html", takes_context=True)
def conflict(
    context: Context, differences: Sequence[Difference], by: str = "", at: datetime | None = None
) -> dict[str, Any]:
    """Somebody else saved first: both versions beside each other."""
    return {"differences": differences, "by": by, "at": at, "request": context.get("request")}


@component("components/bars.html")
def bars(rows: Sequence[charts.Bar], caption: str, label: str, number: str) -> dict[str, Any]:
    """A table whose bars are links; `label` and `number` head its columns."""
    drawn = charts.bar_rows(rows)
    return {"rows": drawn, "caption": caption, "label": label, "number": number}


@component("components/stacked.html")
def stacked(
    parts: Sequence[charts.Part], caption: str, label: str = "Cause", number: str = "Days"
) -> dict[str, Any]:
    """One bar in parts, beside the table that it draws: the parts are in the table's order."""
    drawn = charts.stacked_parts(parts)
    return {"parts": drawn, "caption": caption, "label": label, "number": number}


@component("components/line.html")
def line(
    points: Sequence[charts.Point],
    title: str,
    description: str,
    label: str = "Month",
    unit: str = "days",
    *,
    table: bool = True,
) -> dict[str, Any]:
    """Median and slowest tenth with the band between them, beside the table that it draws; a page
    that has its own table of the same below it asks for none."""
    return {
        "points": points if table else (),
        "drawing": charts.line_drawing(points),
        "title": title,
        "description": description,
        "label": label,
        "unit": unit,
        "width": charts.LINE_WIDTH,
        "height": charts.LINE_HEIGHT,
        "left": charts.LEFT,
        "right": charts.LINE_WIDTH - charts.RIGHT,
    }


@component("components/instant.html", takes_context=True)
def instant(context: Context, at: datetime, now: datetime | None = None) -> dict[str, Any]:
    """Words such as "Tuesday 14 April, 4 days ago", the exact time on demand."""
    request: HttpRequest | None = context.get("request")
    reference = now or getattr(request, "now", None)
    if reference is None:
        raise TypeError("{% instant %} needs a `now`: pass it, or set request.now")
    return {"at": at, "words": words.instant_in_words(at, now=reference), "exact": words.exact(at)}


@component("components/exactly.html")
def exactly(at: datetime) -> dict[str, Any]:
    """An instant in full: "Tuesday 14 April 2026, 09:12 BST"."""
    return {"at": at, "exact": words.exact(at)}


@register.filter
def duration(length: timedelta | float) -> str:
    """A length of time, or a number of seconds: "61 days"."""
    return words.duration(length)


@register.filter
def telephones(text: str) -> SafeString:
    """The text, with each telephone number in it as a link that rings it."""
    parts = NUMBER.split(text)  # a number at every second place
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html(
                    '<a class="govuk-link" href="tel:{}">{}</a>', re.sub(r"[^\d+]", "", part), part
                )
                if place % 2
                else part,
            )
            for place, part in enumerate(parts)
        ),
    )


@register.filter
def described_by(attrs: Mapping[str, str]) -> str:
    return attrs.get("aria-describedby", "")
