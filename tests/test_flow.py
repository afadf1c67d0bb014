"""One outage, end to end: real server, workers, beat and target; nothing is called by hand.

The service goes down: the page shows it, one incident exists, whoever confirmed is told
once. It comes back: everything closes, and the day counts what was lost.
"""

import email
import re
import shutil
import urllib.parse
import urllib.request
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils.timezone import now

from accounts.actor import SYSTEM
from accounts.models import Project
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from monitoring.actions import create_monitor
from monitoring.models import CheckResult, Monitor
from monitoring.verdict import Verdict
from pages.actions import create_component, create_page, publish_page
from pages.days import ninety_days
from pages.models import Component, Page
from pages.sources import CHECKS
from pages.status import Status
from subscribers.models import Delivery
from tests.faults.http_target import HttpTarget
from tests.processes import wait_until
from tests.server import Server

INTERVAL_S = 10
# An interval, and what a busy machine adds.
NOTICED_S = INTERVAL_S + 20
CONFIRMED, SILENT = "ada@example.com", "grace@example.com"


@pytest.fixture
def server(transactional_db, tmp_path, settings):
    """The product on the suite's database, so that the test can look into it."""
    settings.MONITOR_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    database = connection.settings_dict
    place = quote(database["HOST"], safe="")
    started = Server(
        tmp_path,
        DEMO="0",
        DATABASE_URL=f"postgresql://{database['USER']}@{place}/{database['NAME']}",
        REDIS_URL=settings.REDIS_URL,
        MONITOR_ALLOWED_NETWORKS="127.0.0.0/8",
    )
    started.data_dir.mkdir()
    shutil.copy(settings.DATA_DIR / "keys.json", started.data_dir)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def target():
    with HttpTarget() as started:
        yield started


@pytest.fixture
def component(server) -> Component:
    """On a public page, a day old, whose detected outages are told at once."""
    yesterday = now() - timedelta(days=1)
    page = create_page(
        project=Project.objects.get(),
        name="Acme",
        subdomain="acme",
        auto_publish_after=0,
        actor=SYSTEM,
        at=yesterday,
    )
    made = create_component(page=page, name="Website", actor=SYSTEM, at=yesterday)
    publish_page(page=page, actor=SYSTEM, at=yesterday)
    return made


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def post(url: str, **fields: str) -> None:
    body = urllib.parse.urlencode(fields).encode()
    urllib.request.urlopen(url, body, timeout=5).close()


def mails(server: Server, to: str) -> list[EmailMessage]:
    found = [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted((server.data_dir / "mail").glob("*.eml"))
    ]
    return [mail for mail in found if to in str(mail["To"])]


def subjects(server: Server, to: str) -> list[str]:
    return [str(mail["Subject"]) for mail in mails(server, to)]


def subscribe(server: Server, page: str) -> None:
    """Two sign up; one follows the link of the mail."""
    for address in (CONFIRMED, SILENT):
        post(f"{page}/subscribe", email=address, which="all")
    wait_until(
        lambda: mails(server, CONFIRMED) and mails(server, SILENT),
        within=20,
        what="the mails that ask to confirm",
    )
    text = mails(server, CONFIRMED)[0].get_body(("plain",)).get_content()
    [link] = set(re.findall(r"http://\S+/status/verify/\w+", text))
    get(link)
    post(link)


def first_result(verdict: str, *, after: datetime) -> datetime:
    results = CheckResult.objects.filter(verdict=verdict, checked_at__gte=after)
    return results.order_by("checked_at")[0].checked_at


def follow(component: Component, status: Status) -> None:
    def followed() -> bool:
        component.refresh_from_db()
        return component.status == status

    wait_until(followed, within=NOTICED_S, what=f"{status} of the component")


def test_one_outage_from_end_to_end(server, component, target):
    page = f"{server.url}/status/acme"
    assert "operational" in get(page)
    subscribe(server, page)
    create_monitor(
        project=component.page.project,
        name="Website",
        url=target.url(),
        components=[component],
        interval_s=INTERVAL_S,
        actor=SYSTEM,
        at=now(),
    )
    wait_until(
        lambda: Monitor.objects.filter(verdict=Verdict.UP).exists(),
        within=NOTICED_S,
        what="the first check",
    )

    stopped_at = now()
    target.down()
    follow(component, Status.MAJOR)
    began = first_result("down", after=stopped_at)
    claim = component.claims.get(source=CHECKS)
    assert claim.since == began
    incident = Incident.objects.get()
    assert incident.automatic
    assert (incident.status, incident.started_at) == (IncidentStatus.INVESTIGATING, began)
    wait_until(lambda: incident.name in get(page), within=3, what="the incident on the page")
    assert '"indicator":"none"' not in get(f"{page}/api/v2/status.json").replace(" ", "")
    told = f"🔴 Incident: {incident.name}"
    wait_until(lambda: told in subjects(server, CONFIRMED), within=10, what="the mail")

    back_at = now()
    target.up()
    follow(component, Status.OPERATIONAL)
    ended = first_result("up", after=back_at)
    claim.refresh_from_db()
    assert claim.ended_at == ended
    incident = Incident.objects.get()
    assert incident.status == IncidentStatus.RESOLVED
    assert ended <= incident.resolved_at < ended + timedelta(seconds=10)
    resolved = f"🟢 Resolved: {incident.name}"
    wait_until(lambda: resolved in subjects(server, CONFIRMED), within=10, what="the last mail")
    wait_until(
        lambda: '"indicator":"none"' in get(f"{page}/api/v2/status.json").replace(" ", ""),
        within=3,
        what="the recovery on the page",
    )

    counted = subjects(server, CONFIRMED)
    assert (counted.count(told), counted.count(resolved)) == (1, 1)
    assert len(subjects(server, SILENT)) == 1
    assert not Delivery.objects.filter(state__in=["pending", "sending", "failed"]).exists()

    days = ninety_days(Page.objects.get(), at=now()).components[component.pk].days
    lost = sum(day.major for day in days)
    assert lost == pytest.approx((ended - began).total_seconds(), abs=1)
    assert sum(day.degraded + day.partial for day in days) == 0
