"""Settings that no check could work with stop the product at start, by name."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings


def start() -> None:
    apps.get_app_config("monitoring").ready()


def test_a_wrong_network_is_named(settings: Settings):
    settings.MONITOR_ALLOWED_NETWORKS = ["10.0.0.0/8", "office"]
    with pytest.raises(ImproperlyConfigured, match="MONITOR_ALLOWED_NETWORKS: 'office'"):
        start()


def test_a_health_base_that_may_not_be_monitored_is_named(settings: Settings):
    settings.HEALTH_BASE_URL = "http://127.0.0.1:8000"
    settings.MONITOR_ALLOWED_NETWORKS = []
    with pytest.raises(ImproperlyConfigured, match="HEALTH_BASE_URL='http://127"):
        start()
    settings.MONITOR_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    start()
