"""The ticks: load, one call, done; what they do not know is ignored."""

from datetime import timedelta

from django.utils.timezone import now

from pages import tasks
from pages.models import DayMetric
from pages.versions import changing, version_key
from tests.pages.timeline import new_component


def test_the_tick_of_days_folds_yesterday(page) -> None:
    new_component(page, at=now() - timedelta(days=1))
    tasks.fold_days(later="argument")
    assert DayMetric.objects.filter(page=page, component=None).count() == 1


def test_the_tick_of_versions_tells_redis(page, redis) -> None:
    with changing(page.pk):
        pass
    assert redis.get(version_key(page.pk)) is None
    tasks.republish_versions(later="argument")
    assert redis.get(version_key(page.pk)) == b"2"
