from django.urls import path

from reporting import views
from reporting.figure_views import export_figures, figures, figures_why

urlpatterns = [
    path("our-organisation/capacity/history/", views.capacity, name="capacity_history"),
    path("delays/", views.delays, name="delays"),
    path("figures/", figures, name="figures"),
    path("figures/why/", figures_why, name="figures_why"),
    path("figures/export/", export_figures, name="figures_export"),
    path("outcomes/", views.what_came, name="outcomes"),
    path("what-if/", views.what_ifs, name="what_ifs"),
    path("what-if/<uuid:what_if>/", views.what_if, name="what_if"),
    path("cost/", views.the_cost, name="cost"),
    path("cost/export/", views.cost_export, name="cost_export"),
    path("members/", views.members, name="members"),
    path("applications/", views.applications, name="applications"),
    path("register/", views.register, name="register"),
]
