from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import Context, Template

from nrm_tracker.ui.parts import Bar, Difference, Entry, Line, Point

NOW = datetime(2026, 4, 18, 9, 12, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"


def shown(source, **values):
    return Template("{% load ui %}" + source).render(Context({"now": NOW, **values}))


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("info", "For information"),
        ("due", "Due soon"),
        ("amber", "Delayed"),
        ("red", "Seriously delayed"),
        ("critical", "Critical"),
    ],
)
def test_severity_is_words_before_colour(code, word):
    assert f">{word}</strong>" in shown("{% severity code %}", code=code)


def test_unknown_severity_is_refused():
    with pytest.raises(KeyError):
        shown("{% severity 'purple' %}")


def test_severity_may_say_more():
    assert ">12 of 10 days</strong>" in shown("{% severity 'red' '12 of 10 days' %}")


def test_instant_shows_words_and_carries_the_exact_time():
    page = shown("{% instant at now %}", at=NOW - timedelta(days=4))
    assert page == (
        '<time datetime="2026-04-14T09:12:00+00:00" title="Tuesday 14 April 2026, 10:12 BST">'
        "Tuesday 14 April, 4 days ago</time>"
    )


def test_instant_takes_the_clock_of_the_request():
    page = shown("{% instant at %}", at=NOW, request=SimpleNamespace(now=NOW))
    assert "just now" in page


def test_instant_without_a_clock_is_refused():
    with pytest.raises(TypeError, match="now"):
        shown("{% instant at %}", at=NOW)


def test_wait_bar_says_its_numbers():
    page = shown("{% wait_bar 3 5 'working days' %}")
    assert "3 of 5 working days" in page
    assert "app-wait--intime" in page


def test_tile_links_number_and_words():
    page = shown("{% tile 'children waiting' 3 '/list/' %}")
    assert 'href="/list/"' in page
    assert "3" in page
    assert "<a" not in shown("{% tile 'children waiting' 3 %}")


def test_pagination_shows_only_what_is_there():
    assert shown("{% pagination '' '' %}").strip() == ""
    page = shown("{% pagination '' '?after=9' %}")
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


def test_replaced_entry_is_struck_through():
    entries = [Entry(title="Asked for help", at=NOW, replaced=True), Entry(title="Met", at=NOW)]
    page = shown("{% timeline entries %}", entries=entries)
    assert "<s>Asked for help</s>" in page
    assert "<s>Met</s>" not in page


def test_components_escape_what_people_typed():
    page = shown(
        "{% timeline entries %}{% summary lines %}{% conflict differences name now %}"
        "{% alert name %}{% empty name name %}{% tile name name %}{% bars bars name name name %}"
        "{% line points name name %}",
        name=SCRIPT,
        request=SimpleNamespace(now=NOW),
        entries=[Entry(title=SCRIPT, at=NOW, byline=SCRIPT, text=SCRIPT, url="#", about=SCRIPT)],
        lines=[Line(SCRIPT, SCRIPT, url="#")],
        differences=[Difference(SCRIPT, SCRIPT, SCRIPT)],
        bars=[Bar(SCRIPT, 3, url="#")],
        points=[Point(SCRIPT, 3, 4)],
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 15


def test_unknown_month_is_said_in_words():
    page = shown(
        "{% line points 'Wait' 'x' %}", points=[Point("Jan", 3, 4), Point("Feb", None, None)]
    )
    assert page.count("not yet known") == 2


def test_duration_filter():
    assert shown("{{ length|duration }}", length=timedelta(days=61)) == "61 days"
