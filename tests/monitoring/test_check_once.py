"""`manage.py check_once` is the worker's round from cron."""

import errno
import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from monitoring.models import CheckResult
from monitoring.probes import transfer
from monitoring.probes.transfer import _Lent
from pages.models import Component, Page
from pages.status import Status
from tests.factories import ComponentFactory, MonitorFactory
from tests.faults.http_target import HttpTarget

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def component(page: Page) -> Component:
    return ComponentFactory(page=page, created_at=now() - timedelta(days=1))


def test_every_enabled_monitor_is_checked_now(target: HttpTarget, component: Component):
    later = now() + timedelta(minutes=1)
    MonitorFactory(name="Shop", url=target.url(), next_check_at=later)
    MonitorFactory(name="Mail", url=target.url("status/503"), links=[component])
    MonitorFactory(name="Off", url=target.url(), enabled=False)
    out = io.StringIO()
    call_command("check_once", stdout=out)
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert [(line[0], line[3], line[4]) for line in lines[:2]] == [
        ("down", "Mail", "503"),
        ("up", "Shop", "200"),
    ]
    assert lines[2] == ["2", "checked"]
    assert CheckResult.objects.count() == 2
    component.refresh_from_db()
    assert component.status == Status.MAJOR


def test_without_monitors_it_says_so():
    out = io.StringIO()
    call_command("check_once", stdout=out)
    assert out.getvalue() == "0 checked\n"


def test_what_lacked_a_socket_is_tried_again_and_then_told(
    target: HttpTarget, monkeypatch: pytest.MonkeyPatch
):
    waiting = MonitorFactory(name="Shop", url=target.url(), next_check_at=now())
    left = [OSError(errno.EMFILE, "none left")] * 3

    class Scarce(_Lent):
        """A process that has no descriptor left, three times."""

        def __init__(self, *args: int) -> None:
            if left:
                raise left.pop()
            super().__init__(*args)

    monkeypatch.setattr(transfer, "_Lent", Scarce)
    out, err = io.StringIO(), io.StringIO()
    call_command("check_once", stdout=out, stderr=err)
    assert out.getvalue() == "0 checked\n"
    assert err.getvalue() == "not checked, for want of sockets: Shop\n"
    waiting.refresh_from_db()
    assert waiting.next_check_at <= now()
    call_command("check_once", stdout=out)
    assert out.getvalue().endswith("1 checked\n")
