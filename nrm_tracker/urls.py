"""Assembly: each app's routes, by name."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from nrm_tracker import health
from nrm_tracker.access import public
from nrm_tracker.ui import views as ui

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("", include("organisations.urls")),
    path("", include("referrals.urls")),
    path("", include("reporting.urls")),
]
if settings.DEBUG:
    urlpatterns += [path("design/", public(ui.design), name="design")]
handler500 = "nrm_tracker.errors.broken"
