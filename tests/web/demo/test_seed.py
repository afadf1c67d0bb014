from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from monitoring.models import Monitor
from pages import claims
from pages.days import ninety_days
from pages.models import DayMetric, Page, StatusInterval
from pages.status import Status
from pages.versions import changing
from subscribers.models import Notification, Subscriber
from web.demo import story, target
from web.demo.seed import aim_monitors


@pytest.fixture
def demo(project, settings, tmp_path):
    settings.MONITOR_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.DATA_DIR = tmp_path
    call_command("seed_demo", verbosity=0)
    return Page.objects.get(subdomain=story.SUBDOMAIN)


def test_the_page_is_public_and_all_is_well(demo, client):
    assert demo.status == Page.State.PUBLISHED
    assert demo.auto_publish_after == 0
    assert set(demo.components.values_list("status", flat=True)) == {Status.OPERATIONAL}
    assert client.get("/status/demo").status_code == 200


def test_its_ninety_days_are_what_its_claims_say(demo):
    """Folding everything again from the claims changes nothing."""

    def history():
        return (
            sorted(StatusInterval.objects.values_list("component", "status", "held", "span")),
            sorted(
                DayMetric.objects.exclude(component=None).values_list(
                    "component", "date", "major_seconds", "degraded_seconds", "partial_seconds"
                )
            ),
        )

    before = history()
    with changing(demo.pk):
        for component in demo.components.all():
            claims.rebuild(component)
    assert history() == before
    days = ninety_days(demo, at=now())
    assert len(days.dates) == 90
    assert 0.99 < days.page.ratio < 1
    lost = sum(day.major + day.partial + day.degraded for day in days.page.days)
    assert lost > timedelta(hours=10).total_seconds()


def test_its_incidents_are_past_and_nobody_is_told_of_them(demo):
    incidents = Incident.objects.incidents().filter(page=demo)
    assert {incident.status for incident in incidents} == {IncidentStatus.RESOLVED}
    assert incidents.count() == len(story.STORIES)
    assert all(incident.updates.count() >= 3 for incident in incidents)
    assert set(Notification.objects.values_list("kind", flat=True)) <= {"verification", "welcome"}


def test_one_incident_has_a_postmortem(demo, client):
    incident = Incident.objects.get(postmortem__published_at__isnull=False)
    answer = client.get(f"/status/demo/incidents/{incident.pk}").content.decode()
    assert "What we changed" in answer


def test_a_maintenance_is_over_and_others_are_ahead(demo, client):
    maintenances = Incident.objects.maintenances().filter(page=demo)
    assert maintenances.get(status="completed").name == story.MAINTENANCE.name
    ahead = maintenances.filter(status="scheduled").order_by("scheduled_for")
    assert ahead.count() >= 3
    assert {row.scheduled_for.weekday() for row in ahead} == {story.UPKEEP.weekday}
    assert all(row.scheduled_for > now() for row in ahead)
    assert story.UPKEEP.name in client.get("/status/demo").content.decode()


def test_two_subscribers_have_confirmed(demo):
    assert Subscriber.objects.active().count() == len(story.SUBSCRIBERS)


def test_with_a_mail_server_nobody_is_written_to(project, settings, tmp_path):
    settings.EMAIL_URL = "smtp://mail.example.com"
    settings.MONITOR_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.DATA_DIR = tmp_path
    call_command("seed_demo", verbosity=0)
    assert not Subscriber.objects.exists()


def test_seeding_again_changes_nothing(demo):
    before = (Incident.objects.count(), Monitor.objects.count(), Subscriber.objects.count())
    call_command("seed_demo", verbosity=0)
    assert (Incident.objects.count(), Monitor.objects.count(), Subscriber.objects.count()) == before
    assert Page.objects.filter(subdomain=story.SUBDOMAIN).count() == 1


def test_monitors_follow_the_ports_of_a_new_start(demo, settings):
    settings.PORT = 8765
    aim_monitors(project=demo.project, at=now())
    urls = set(Monitor.objects.values_list("url", flat=True))
    assert urls == {"http://127.0.0.1:8765/livez", f"http://127.0.0.1:{target.port()}/"}


def test_a_monitor_that_was_aimed_elsewhere_stays_there(demo):
    Monitor.objects.filter(components__slug=story.WEBSITE).update(url="https://example.com/")
    aim_monitors(project=demo.project, at=now())
    assert Monitor.objects.filter(url="https://example.com/").exists()
