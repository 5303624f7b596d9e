from django.urls import path

from reporting import views

urlpatterns = [
    path("delays/", views.delays, name="delays"),
    path("outcomes/", views.what_came, name="outcomes"),
    path("cost/", views.the_cost, name="cost"),
    path("cost/export/", views.cost_export, name="cost_export"),
    path("members/", views.members, name="members"),
    path("register/", views.register, name="register"),
]
