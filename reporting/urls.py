from django.urls import path

from reporting import views
from reporting.figure_views import export_figures, figures, figures_why

urlpatterns = [
    path("delays/", views.delays, name="delays"),
    path("figures/", figures, name="figures"),
    path("figures/why/", figures_why, name="figures_why"),
    path("figures/export/", export_figures, name="figures_export"),
    path("outcomes/", views.what_came, name="outcomes"),
    path("members/", views.members, name="members"),
    path("register/", views.register, name="register"),
]
