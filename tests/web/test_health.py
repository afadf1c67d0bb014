import json
from datetime import timedelta

import pytest
from django.utils.timezone import now

from tests.faults.hanging import hanging
from web import heartbeats


@pytest.fixture
def at():
    return now()


def test_the_process_answers_without_asking_its_database(client):
    response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


def test_health_tells_the_age_of_beat_and_workers(client, db, at):
    heartbeats.note(heartbeats.BEAT, at=at - timedelta(seconds=40))
    heartbeats.note("worker:mail@here", at=at - timedelta(seconds=3))
    response = client.get("/healthz")
    report = response.json()
    assert response.status_code == 200
    assert (report["status"], report["database"], report["cache"]) == ("ok", True, True)
    assert 40 <= report["beat_age"] < 60
    assert list(report["workers"]) == ["mail@here"]
    assert 3 <= report["workers"]["mail@here"] < 20


def test_what_was_never_seen_has_no_age(client, db):
    report = client.get("/healthz").json()
    assert (report["beat_age"], report["workers"]) == (None, {})


def test_health_fails_while_the_cache_hangs(client, db, redis):
    with hanging(redis):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["cache"] is False
    assert response.json()["database"] is True


def test_an_older_sign_of_life_changes_nothing(db, at):
    """Two machines' clocks differ."""
    heartbeats.note("beat", at=at)
    heartbeats.note("beat", at=at - timedelta(minutes=5))
    assert heartbeats.ages(at=at).beat == 0


def test_processes_long_gone_are_forgotten(db, at):
    heartbeats.note("worker:old@there", at=at - timedelta(days=2))
    assert heartbeats.ages(at=at).workers == {}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("path", ["/livez", "/healthz"])
def test_only_reading_is_allowed(client, method, path):
    assert getattr(client, method)(path).status_code == 405


def test_a_real_web_process_fails_health_and_stays_live_without_database(processes):
    """Its database does not exist; balancing on /livez keeps such a node serving pages."""
    processes.environment["DATABASE_URL"] += "_missing"
    processes.start("web")
    status, body = processes.get("/healthz")
    assert status == 503
    assert json.loads(body)["database"] is False
    assert b"_missing" not in body
    assert processes.get("/livez")[0] == 200
