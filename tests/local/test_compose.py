"""docker-compose.yml and the Dockerfile run what make run runs."""

import json

import yaml

from nrm_tracker.local import processes
from nrm_tracker.local.places import ROOT

MADE = ("web", "worker", "beat", "migrate", "before_real_use")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_commands_are_those_of_make_run() -> None:
    (writable,) = COMPOSE["beat"]["tmpfs"]
    ours = {name: COMPOSE[name]["command"] for name in MADE}
    assert ours == {
        "web": list(processes.web(bind="0.0.0.0:8000")),
        "worker": list(processes.worker()),
        "beat": list(processes.beat(schedule=f"{writable}/beat-schedule")),
        "migrate": list(processes.migrate()),
        "before_real_use": list(processes.before_real_use()),
    }
    *_, last = (ROOT / "Dockerfile").read_text().splitlines()
    assert json.loads(last.removeprefix("CMD ")) == ours["web"]


def test_nothing_starts_before_it_is_known_to_be_fit_for_real_use() -> None:
    """After the migration, which makes what the check asks; and nothing without the check."""
    finished = {"condition": "service_completed_successfully"}
    assert COMPOSE["before_real_use"]["depends_on"] == {"migrate": finished}
    first = {
        name: COMPOSE[name]["depends_on"]["before_real_use"] for name in ("web", "worker", "beat")
    }
    assert first == dict.fromkeys(first, finished)


def test_only_web_has_a_port() -> None:
    assert [name for name, service in COMPOSE.items() if "ports" in service] == ["web"]


def test_only_migrate_logs_in_as_the_owner() -> None:
    logins = {
        name: service["environment"]["DATABASE_URL"].split("//")[1].split(":")[0]
        for name, service in COMPOSE.items()
        if "DATABASE_URL" in service.get("environment", {})
    }
    assert logins == {
        "web": "nrm_app",
        "worker": "nrm_app",
        "beat": "nrm_app",
        "before_real_use": "nrm_app",
        "migrate": "nrm_owner",
    }
    told = {name: service.get("environment", {}) for name, service in COMPOSE.items()}
    holders = [name for name, values in told.items() if "NRM_OWNER_PASSWORD" in str(values)]
    assert holders == ["migrate", "postgres"]


def test_every_lasting_service_has_a_health_check() -> None:
    lasting = [name for name in COMPOSE if name not in {"migrate", "before_real_use"}]
    assert all("healthcheck" in COMPOSE[name] for name in lasting)


def test_the_image_pins_the_uv_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    version = makefile.partition("UV = ")[2].splitlines()[0]
    assert f"pip install --no-cache-dir {version}\n" in (ROOT / "Dockerfile").read_text()
