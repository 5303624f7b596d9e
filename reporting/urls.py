from django.urls import path

from reporting import views

urlpatterns = [
    path("delays/", views.delays, name="delays"),
    path("outcomes/", views.what_came, name="outcomes"),
    path("members/", views.members, name="members"),
    path("applications/", views.applications, name="applications"),
    path("register/", views.register, name="register"),
]
