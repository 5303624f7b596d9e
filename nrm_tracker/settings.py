"""The one settings file. Everything that differs between machines is an environment variable.

A value that is missing stops the start with a sentence that says what to set; settings read
files and variables and never start a server.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from nrm_tracker.local import running

BASE_DIR = Path(__file__).resolve().parent.parent
NRM_DATA_DIR = Path(os.environ.get("NRM_DATA_DIR") or BASE_DIR / ".local").resolve()


def flag(name: str, *, default: bool) -> bool:
    """An environment variable that is 1 or 0."""
    value = os.environ.get(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to 1 or 0.")
    return value == "1"


def whole(name: str, default: int, *, least: int) -> int:
    """An environment variable that is a whole number, and no smaller than the least."""
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to {least} or more.")
    return int(value)


def listed(name: str, default: str) -> list[str]:
    """An environment variable that holds words separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret_key() -> str:
    """SECRET_KEY, else the one that `make run` made in the data folder."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    try:
        return (NRM_DATA_DIR / "secret_key").read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            "No SECRET_KEY. Set SECRET_KEY to a long random text, or start `make run`, "
            f"which keeps one in {NRM_DATA_DIR}."
        ) from error


def master_keys() -> list[str]:
    """NRM_MASTER_KEYS, else the file NRM_MASTER_KEYS_FILE, else the one that `make run` made.

    None is no error here: only what seals or opens a survivor's record asks for one.
    """
    file = Path(os.environ.get("NRM_MASTER_KEYS_FILE") or NRM_DATA_DIR / "master_keys")
    kept = file.read_text() if file.exists() else ""
    return listed("NRM_MASTER_KEYS", ",".join(kept.split()))


def postgresql(url: str) -> dict[str, object]:
    """Django's database settings from postgresql://user:password@host:port/name?host=FOLDER."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


class MailServer(NamedTuple):
    host: str
    port: int
    user: str
    password: str
    starttls: bool
    encrypted: bool


def smtp(url: str) -> MailServer | None:
    """smtp://user:password@host:587 speaks STARTTLS; smtps:// is encrypted from the first byte,
    smtp+plain:// not at all. None where nothing is set: no mail is sent."""
    if not url:
        return None
    parts = urlsplit(url)
    ports = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must be like smtp://user:password@mail.example.org:587, or smtps://... "
            "(or smtp+plain://... for a server on this machine). Leave it out to send no mail."
        )
    try:
        port = parts.port or ports[parts.scheme]
    except ValueError as error:
        raise ImproperlyConfigured(f"The port in EMAIL_URL is wrong: {error}.") from error
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    starttls, encrypted = parts.scheme == "smtp", parts.scheme == "smtps"
    return MailServer(parts.hostname, port, user, password, starttls, encrypted)


SERVERS = running(NRM_DATA_DIR)
DATABASE_URL = os.environ.get("DATABASE_URL") or (SERVERS.database if SERVERS else "")
REDIS_URL = os.environ.get("REDIS_URL") or (SERVERS.redis if SERVERS else "")

DEBUG = flag("NRM_DEBUG", default=False)
NRM_DEMONSTRATION = flag(  # what `make run` last ran as, for commands beside it
    "NRM_DEMONSTRATION", default=(NRM_DATA_DIR / "demonstration").exists()
)
NRM_SMALL_NUMBER = whole("NRM_SMALL_NUMBER", 5, least=2)  # of people, for files that go outside
NRM_BASE_URL = os.environ.get("NRM_BASE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")
HTTPS = NRM_BASE_URL.startswith("https://")
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = listed("SECRET_KEY_FALLBACKS", "")
NRM_MASTER_KEYS = master_keys()  # NAME:KEY each; they open the keys of the survivors
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [NRM_BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "pgtrigger",
    "pghistory",
    "crispy_forms",
    "crispy_forms_gds",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "nrm_tracker",
    "nrm_tracker.ui",
    "accounts",
    "audit",
    "organisations",
    "referrals",
    "reporting",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "nrm_tracker.middleware.RequestNow",
    "nrm_tracker.middleware.OwnOrigin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "nrm_tracker.middleware.NoStore",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sessions.SessionEnds",
    "nrm_tracker.middleware.DefaultDeny",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "nrm_tracker.urls"
WSGI_APPLICATION = "nrm_tracker.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "referrals.context.frame",
                "nrm_tracker.ui.context.frame",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "gds"
CRISPY_TEMPLATE_PACK = "gds"

# One alias. The web process knows nrm_app only; migrate runs with DATABASE_URL=$DATABASE_OWNER_URL.
DATABASES = {"default": postgresql(DATABASE_URL or "postgresql://nrm_app@/nrm?host=/nonexistent")}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 24 * 60 * 60  # accounts.sessions ends it much earlier, and keeps the words
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "accounts.sessions.csrf_failure"
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS

# Signing in: by e-mail address and password, then a one-time code. docs/signing-in.md says why.
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses before a password is looked at
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("MinimumLengthValidator", {"min_length": 14}),
        ("CommonPasswordValidator", {}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ["email", "name"]}),
    ]
] + [{"NAME": "accounts.passwords.GuessablePasswordValidator"}]

PASSWORD_RESET_TIMEOUT = 60 * 60

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # signing up is closed: the library wants a value
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are given by whoever adds the person
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/h/key",  # by person; axes counts by person and address
    "report_mistake": "5/h/ip,20/d/ip",  # whoever finds the register wrong needs no account
    "invitation": "30/m/ip",  # as signing in
    "invite": "30/h/user",  # a manager's sign-in is no way of sending mail to everybody
    "check_proof": "10/m/ip,100/d/ip",  # a number and a code cannot be found by trying
}
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))

MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "NRM Tracker"
MFA_TOTP_TOLERANCE = 0  # used codes are remembered for one period: a tolerance would reopen replay
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.EnrolForm",
}

AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who keeps trying is let in again as well
AXES_USERNAME_CALLABLE = "accounts.attempts.username"
AXES_CLIENT_IP_CALLABLE = "accounts.attempts.address"
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_REFERRER_POLICY = "no-referrer"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"  # what people see; the database holds UTC
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static", ("guides", BASE_DIR / "docs" / "guides" / "pictures")]
STATIC_ROOT = os.environ.get("STATIC_ROOT")  # set: files are collected there, hashed, compressed
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT

# Valkey carries wake-ups and nothing else: no result is kept, no page waits for it.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
SWEEP_INTERVAL = timedelta(seconds=30)
SWEEP_LATE_AFTER = 2 * SWEEP_INTERVAL
DRAIN_INTERVAL = timedelta(seconds=5)
MORNING_INTERVAL = timedelta(minutes=1)
TIDY_INTERVAL = timedelta(hours=1)
HEALTH_CHECKS = {
    "database": "nrm_tracker.health.database",
    "broker": "nrm_tracker.health.broker",
    "sweep": "referrals.heartbeat.check",
    "mail": "referrals.mail_check.check",
}
UNDELIVERED = "referrals.mail_check.undelivered"  # for the operator's page

# No EMAIL_URL: no mail about delays is written or sent, and the operator's page says so. What the
# sign-in library sends is then written to the log.
MAIL_SERVER = smtp(os.environ.get("EMAIL_URL", ""))
EMAIL_IS_SENT = MAIL_SERVER is not None
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_SERVER else 'console'}.EmailBackend"
if MAIL_SERVER:
    EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER.starttls, MAIL_SERVER.encrypted
EMAIL_TIMEOUT = 10  # seconds for each word of the server; one that hangs must not hold up a page
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "NRM Tracker <tracker@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
