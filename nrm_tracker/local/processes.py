"""The commands of the product's processes, for `make run`; docker-compose.yml repeats them."""

WEB_WORKERS = 2
WEB_THREADS = 4
JOBS_AT_ONCE = 2

Command = tuple[str, ...]


def migrate() -> Command:
    """Bring the database up to date. Runs with the owner's URL, as nothing else does."""
    return ("python", "manage.py", "migrate", "--noinput")


def collect_static() -> Command:
    """Hash and compress the stylesheets and scripts into STATIC_ROOT."""
    return ("python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")


def before_real_use() -> Command:
    """Refuse to go on from a demonstration with its secrets."""
    return ("python", "manage.py", "before_real_use")


def demonstration() -> Command:
    """Load the demonstration when the database is empty, and print its accounts."""
    return ("python", "manage.py", "demonstration")


def web(*, bind: str) -> Command:
    """Pages. Threads notice within a second that their master is gone."""
    return (
        *("python", "-m", "gunicorn", "nrm_tracker.wsgi:application"),
        *("--bind", bind, "--no-control-socket"),
        *("--worker-class", "gthread", "--workers", str(WEB_WORKERS)),
        *("--threads", str(WEB_THREADS), "--graceful-timeout", "10", "--log-level", "warning"),
    )


def worker() -> Command:
    """Jobs: the sweep and the drains."""
    return (
        *("python", "-m", "celery", "--quiet", "-A", "nrm_tracker", "worker"),
        *("--concurrency", str(JOBS_AT_ONCE), "--loglevel", "WARNING"),
    )


def beat(*, schedule: str) -> Command:
    """The clock that wakes the jobs; schedule is the file that it remembers its last runs in."""
    return (
        *("python", "-m", "celery", "--quiet", "-A", "nrm_tracker", "beat"),
        *("--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING"),
    )
