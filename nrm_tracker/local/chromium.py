"""python -m nrm_tracker.local.chromium: a Chromium for the browser tests, or what to do for one."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BUNDLES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ADVICE = (
    "The browser tests need Chromium: install it (Debian: apt-get install chromium) or set "
    "CHROMIUM to its path; `make test-fast` does without."
)


def find() -> str | None:
    """The path of a Chromium: CHROMIUM, else one of the usual places."""
    wanted = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else [*NAMES, *BUNDLES]
    return next((path for name in wanted if (path := shutil.which(name))), None)


def install() -> None:
    """Install it where we may: as root, with apt."""
    if os.geteuid() == 0 and shutil.which("apt-get") and not os.environ.get("CHROMIUM"):
        print("Installing Chromium for the browser tests.", flush=True)
        told = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-y", *step], env=told, stdout=sys.stderr, check=False)


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        sys.exit(ADVICE)
