"""A person at a screen: what they press and read, and what must hold of every page they see."""

import re
import time
from datetime import date, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.demonstration import PERIOD, code_at, totp_secret_for
from accounts.models import User
from nrm_tracker.ui.moments import LONDON
from tests.browser import WIDTHS, faults_of, shoot
from tests.support import gave_a_code, signed_in_client

PASSWORD = "lantern orbit velvet plinth"
PATIENCE = 10_000  # milliseconds
TITLE = re.compile("^(Error: )?[^ ].* – NRM Tracker$")
WIDTH_NEEDED = "document.documentElement.scrollWidth"
OUT_OF_SIGHT = """() => [...document.querySelectorAll(".app-scroll :is(a, button, input)")]
  .filter((each) => each.checkVisibility())
  .filter((each) => {
    const [box, region] = [each, each.closest(".app-scroll")].map((e) => e.getBoundingClientRect());
    return box.right > Math.min(region.right, window.innerWidth) + 1;
  })
  .map((each) => each.textContent.trim() || each.id)"""


class Person:
    """Somebody with an account, in a browser of their own."""

    def __init__(
        self, browser: Browser, site: str, user: User, *, scripts: bool = True, width: str = "wide"
    ) -> None:
        self.user, self.site, self.scripts, self.width = user, site, scripts, width
        self.context = browser.new_context(
            base_url=site,
            viewport={"width": WIDTHS[width], "height": 900},
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.words: list[str] = []  # that must never stand in a title or an address
        self.troubles: list[str] = []
        self.actions = 0
        self.page.on("request", self._note_request)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("console", self._note_console)

    def _note_request(self, request: object) -> None:
        url: str = request.url  # type: ignore[attr-defined]
        if not url.startswith((self.site, "data:", "blob:")):
            self.troubles.append(f"asked another site: {url}")

    def _note_console(self, message: object) -> None:
        text: str = message.text  # type: ignore[attr-defined]
        if message.type == "error" and "Failed to load resource" not in text:  # type: ignore[attr-defined]
            self.troubles.append(f"console: {text}")

    # Pressing and typing: each is one action

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def follows(self, name: str, *, within: Locator | None = None) -> None:
        self.actions += 1
        with self.page.expect_navigation():
            (within or self.page).get_by_role("link", name=name).first.click()

    def presses(self, name: str) -> None:
        self.actions += 1
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.click()

    def chooses(self, question: str, answer: str) -> None:
        self.actions += 1
        group = self.page.get_by_role("group", name=question)
        group.get_by_label(answer, exact=True).check()

    def ticks(self, label: str) -> None:
        self.actions += 1
        self.page.get_by_label(label).check()

    def picks(self, label: str, option: str) -> None:
        self.actions += 1
        self.page.get_by_label(label).select_option(label=option)

    def types(self, label: str, text: str) -> None:
        self.actions += 1
        self.page.get_by_label(label).fill(text)

    def dates(self, question: str, day: date | datetime) -> None:
        """Fill in day, month and year, and the time where an instant is given."""
        self.actions += 1
        group = self.page.get_by_role("group", name=question)
        local = day.astimezone(LONDON) if isinstance(day, datetime) else day
        for label, number in (("Day", local.day), ("Month", local.month), ("Year", local.year)):
            group.get_by_label(label, exact=True).fill(str(number))
        if isinstance(day, datetime):
            group.get_by_label("Time, if you know it").fill(f"{local:%H:%M}")

    # Reading

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)

    def sees_heading(self, name: str) -> None:
        heading = self.page.get_by_role("heading", name=name).first
        expect(heading).to_be_visible(timeout=PATIENCE)

    def is_told_of_mistakes(self) -> None:
        expect(self.page).to_have_title(re.compile("^Error: "), timeout=PATIENCE)

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def looks(self, name: str) -> None:
        """What must hold of every page, at both widths where scripts may run.

        What does not is kept for the end of the journey, so that one run names all of it.
        """
        expect(self.page).to_have_title(TITLE, timeout=PATIENCE)
        expect(self.page.get_by_role("button", name="Leave this site")).to_be_visible()
        title, address = self.page.title(), self.page.url
        if self.page.locator("h1").count() != 1:
            self.troubles.append(f"{name}: not one h1")
        if any(word in title or word in address for word in self.words):
            self.troubles.append(f"{name}: {title} or {address} says a word for a person")
        for width in WIDTHS if self.scripts else [self.width]:
            self.page.set_viewport_size({"width": WIDTHS[width], "height": 900})
            shoot(self.page, f"{name}-{width}{'' if self.scripts else '-without-scripts'}")
            if (needed := self.page.evaluate(WIDTH_NEEDED)) > WIDTHS[width]:
                self.troubles.append(f"{name}: {needed} pixels wide on {WIDTHS[width]}")
            for hidden in self.page.evaluate(OUT_OF_SIGHT):
                self.troubles.append(f"{name}, {width}: {hidden} is scrolled out of sight")
            if self.scripts:
                self.troubles += [f"{name}, {width}: {fault}" for fault in faults_of(self.page)]
        self.page.set_viewport_size({"width": WIDTHS[self.width], "height": 900})

    # Coming and going

    def signs_in(self, *, look: bool = False) -> None:
        """By the real pages: address and password, then the code of the authenticator app."""
        self.opens("/accounts/login/")
        if look:
            self.looks("sign-in")
        self.types("Email address", self.user.email)
        self.types("Password", PASSWORD)
        self.presses("Sign in")
        self.sees_heading("Enter your code")
        if look:
            self.looks("sign-in-code")
        seconds_left = PERIOD - time.time() % PERIOD
        if seconds_left < 5:  # a busy machine takes a while to press
            time.sleep(seconds_left)
        self.types("Code", code_at(totp_secret_for(self.user.email), unix_time=time.time()))
        self.presses("Sign in")
        self.page.wait_for_url(lambda url: "/accounts/" not in url)
        self.actions = 0

    def is_signed_in(self) -> None:
        """With a password and a code, as `signs_in` does it, in three pages less."""
        client = signed_in_client(self.user)
        gave_a_code(client, self.user, ago=timedelta())
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": self.site}
        self.context.add_cookies([cookie])
        self.page.goto("/", timeout=6 * PATIENCE)  # the first page is slow in coming
        self.page.wait_for_url(lambda url: "/accounts/" not in url)
        self.actions = 0

    def leaves(self) -> None:
        self.context.close()
        if self.troubles:
            pytest.fail("\n".join(self.troubles), pytrace=False)


def can_sign_in(user: User) -> User:
    """Give somebody a password and a second factor."""
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, totp_secret_for(user.email))
    return user
