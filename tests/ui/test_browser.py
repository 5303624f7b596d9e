"""The frame and the components in a real browser; no database behind them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium, faults_of, served

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.ui.urls")]
WITH_ERRORS = "?number=x&happened_at_0=31&happened_at_1=2&happened_at_2=2026&dated_on_0=3"
LEAVE = "https://www.bbc.co.uk/weather"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def site(settings, tmp_path) -> Iterator[str]:
    with served(settings, tmp_path) as address:
        yield address


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    context.route(LEAVE, lambda route: route.fulfill(body="Weather"))
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("path", ["/design/", f"/design/{WITH_ERRORS}", "/missing/"])
def test_page_is_accessible_and_fits(page, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_foreign_is_asked_for_and_nothing_is_missing(page, site):
    asked, failed = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: response.ok or failed.append(response.url))
    page.goto(f"/design/{WITH_ERRORS}")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith(site)] == []
    assert failed == []
    fonts = "[...document.querySelectorAll('*')].map(e => getComputedStyle(e).fontFamily).join()"
    assert "GDS Transport" not in page.evaluate(fonts)


def test_error_summary_leads_to_the_box_to_mend(page):
    page.goto(f"/design/{WITH_ERRORS}")
    page.get_by_role("link", name="The date on the letter must include a month").click()
    assert page.evaluate("document.activeElement.id") == "id_dated_on_1"


def test_leaving_by_the_button_and_back_does_not_return(page):
    page.goto("/missing/")
    page.goto("/design/")
    page.get_by_role("button", name="Leave this site").click()
    page.wait_for_url(LEAVE)
    page.go_back(wait_until="commit")
    page.wait_for_url(LEAVE)
    assert page.get_by_text("Weather").is_visible()


def test_leaving_by_pressing_shift_three_times(page):
    page.goto("/design/")
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(LEAVE)


def test_coming_back_on_purpose_is_possible(page):
    page.goto("/design/")
    page.get_by_role("button", name="Leave this site").click()
    page.wait_for_url(LEAVE)
    page.goto("/design/")
    assert page.get_by_role("heading", name="Components").is_visible()


def test_without_scripts_everything_is_in_reach(browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/design/")
    assert page.get_by_role("link", name="Referrals").is_visible()
    assert page.get_by_role("button", name="Leave this site").get_attribute("href") == LEAVE
    page.get_by_role("button", name="Record what happened").click()
    assert page.url.startswith(f"{site}/design/")
    context.close()
