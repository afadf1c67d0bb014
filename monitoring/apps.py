from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from monitoring.addresses import Policy
from monitoring.targets import parse_target


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        """Fails at start, by name, where a check or a new component would fail later."""
        try:
            policy = Policy.of(settings.MONITOR_ALLOWED_NETWORKS)
        except ValueError as error:
            raise ImproperlyConfigured(f"MONITOR_ALLOWED_NETWORKS: {error}") from None
        if not settings.HEALTH_BASE_URL:
            return
        try:
            parse_target(settings.HEALTH_BASE_URL, policy=policy)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"HEALTH_BASE_URL={settings.HEALTH_BASE_URL!r}: {error}"
            ) from None
