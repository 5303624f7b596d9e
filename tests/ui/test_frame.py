from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch, path

from nrm_tracker.ui.context import build, frame
from tests.ui.people import NOW, Person, member

pytestmark = pytest.mark.urls("tests.ui.urls")


def request_of(path="/referrals/", **attributes):
    request = RequestFactory().get(path)
    for name, value in {"now": NOW, **attributes}.items():
        setattr(request, name, value)
    return request


def signed_in(path="/referrals/", **attributes):
    caseworker = member("Riverside Support")
    return request_of(path, user=caseworker.user, membership=caseworker, **attributes)


def shown(request):
    return render_to_string("base.html", request=request)


def test_navigation_holds_what_the_role_may_use():
    labels = [item.label for item in build(signed_in()).navigation]
    assert labels == ["Today", "Referrals", "Organisations", "Thresholds"]


def test_present_page_is_marked():
    current = {item.label: item.current for item in build(signed_in("/referrals/")).navigation}
    assert current == {"Today": "", "Referrals": "page", "Organisations": "", "Thresholds": ""}


def test_page_below_an_item_marks_the_item():
    items = build(signed_in("/referrals/R-7KQ2-M9XD/")).navigation
    assert [item.label for item in items if item.current == "true"] == ["Referrals"]


def test_without_a_membership_only_what_is_open_to_everybody_is_offered():
    built = build(request_of(user=Person("New Person")))
    assert [item.label for item in built.navigation] == ["Thresholds"]
    assert built.organisation == ""


def test_nobody_signed_in_has_no_frame():
    assert build(request_of()).person == ""
    assert build(request_of(user=Person("", is_authenticated=False))).navigation == ()


def test_other_organisations_are_offered():
    here, there = member("Riverside Support"), member("Northgate Trust", number=2)
    built = build(request_of(user=here.user, membership=here, memberships=(here, there)))
    assert [(other.id, other.name) for other in built.others] == [(2, "Northgate Trust")]


@pytest.mark.urls("tests.ui.test_frame")
def test_missing_page_fails_loudly():
    with pytest.raises(NoReverseMatch):
        build(signed_in())


def test_frame_is_not_built_for_a_page_that_does_not_use_it():
    def explode(_):
        raise AssertionError("the error page asked who is signed in")

    request = request_of()
    request.__class__ = type("Exploding", (type(request),), {"user": property(explode)})
    assert "Page not found" in render_to_string("404.html", frame(request))


def test_late_sweep_is_said():
    late = SimpleNamespace(
        late=True, last_checked=NOW - timedelta(minutes=6), oldest_unchecked=None
    )
    assert "Delays are being checked late." in shown(signed_in(sweep_status=late))
    on_time = SimpleNamespace(late=False, last_checked=NOW, oldest_unchecked=None)
    assert "checked late" not in shown(signed_in(sweep_status=on_time))


def test_demonstration_is_said_on_every_page(settings):
    settings.NRM_DEMONSTRATION = True
    assert "Demonstration." in shown(signed_in())
    assert "Demonstration." in render_to_string("500.html")
    settings.NRM_DEMONSTRATION = False
    assert "Demonstration." not in shown(signed_in())


def test_names_are_escaped():
    person = member("<b>Riverside</b>")
    page = shown(request_of(user=person.user, membership=person))
    assert "&lt;b&gt;Riverside&lt;/b&gt;" in page
    assert "<b>Riverside</b>" not in page


def test_quick_exit_and_skip_link_are_on_every_page():
    for page in (shown(signed_in()), shown(request_of()), render_to_string("500.html")):
        assert 'href="https://www.bbc.co.uk/weather"' in page
        assert 'href="#main-content"' in page
        assert 'id="main-content"' in page


def test_signing_out_is_a_post():
    assert '<form method="post" action="/account_logout/">' in shown(signed_in())


def test_title_says_when_there_is_an_error():
    form = SimpleNamespace(errors={"x": ["y"]}, non_field_errors=list, __iter__=None)
    page = render_to_string("bare.html", {"form": form})
    assert "<title>Error: " in page


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "503"])
def test_error_pages_need_nothing_and_say_what_to_do(name):
    page = render_to_string(f"{name}.html")
    assert "<title>Error: " in page
    assert page.count('<p class="govuk-body">') >= 2


urlpatterns = [path("today/", shown, name="today")]
