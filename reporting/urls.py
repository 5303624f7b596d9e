from django.urls import path

from reporting.views import cost, delays, figures, organisation, register, what_if

urlpatterns = [
    path("delays/", delays.delays, name="delays"),
    path("figures/", figures.figures, name="figures"),
    path("figures/why/", figures.figures_why, name="figures_why"),
    path("figures/export/", figures.export_figures, name="figures_export"),
    path("outcomes/", delays.what_came, name="outcomes"),
    path("what-if/", what_if.what_ifs, name="what_ifs"),
    path("what-if/<uuid:what_if>/", what_if.what_if, name="what_if"),
    path("cost/", cost.the_cost, name="cost"),
    path("cost/export/", cost.cost_export, name="cost_export"),
    path("our-organisation/capacity/history/", organisation.capacity, name="capacity_history"),
    path("members/", organisation.members, name="members"),
    path("applications/", register.applications, name="applications"),
    path("register/", register.register, name="register"),
]
