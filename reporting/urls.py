from django.urls import path

from reporting import views

urlpatterns = [path("delays/", views.delays, name="delays")]
