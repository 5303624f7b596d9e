from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "nrm_tracker.ui"
    label = "ui"
