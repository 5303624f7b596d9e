from django.urls import path

from accounts import views

urlpatterns = [
    path("session/", views.session_ends, name="session_ends"),
    path("session/stay/", views.stay, name="stay"),
    path("drafts/keep/", views.keep_draft, name="keep_draft"),
    path("drafts/throw-away/", views.throw_draft_away, name="throw_draft_away"),
]
