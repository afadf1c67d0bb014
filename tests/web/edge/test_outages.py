"""Visitors while PostgreSQL or Redis are away, or hang: the last good copy, marked as such."""

import contextlib
import time
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F
from django.utils.timezone import now

from accounts.actor import Actor
from pages import actions
from pages.models import Page
from pages.versions import redis_client, version_key
from tests.faults.tcp_proxy import Mode, TcpProxy
from tests.processes import wait_until
from tests.web.edge.conftest import Reply, Web, Webs, in_parallel, shows_at_root


def path_of(page: Page) -> str:
    """By its id, which no other test's page has."""
    return f"/status/{page.pk}"


def summary_of(page: Page) -> str:
    return f"{path_of(page)}/api/v2/summary.json"


def copies_of(page: Page, web: Web) -> list[Path]:
    """On disk."""
    return list((web.data_dir / "edge").glob(f"{page.pk.hex}.*.*"))


def assert_stale(reply: Reply) -> None:
    assert reply.status == 200
    assert reply.stale
    lines = [part.strip() for part in reply.headers["cache-control"].split(",")]
    [age] = [line.partition("=")[2] for line in lines if line.startswith("max-age")]
    assert int(age) <= 10


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.HANG])
def test_without_postgresql_the_last_good_copy_is_served_and_marked(
    proxied_web: Web, database_proxy: TcpProxy, page: Page, mode: Mode
):
    web, page_path, summary_path = proxied_web, path_of(page), summary_of(page)
    good = web.ask(page_path)
    assert web.ask(summary_path).status == 200
    assert not good.stale
    wait_until(lambda: shows_at_root(web, page), within=5, what="the page at the root")
    database_proxy.switch(mode)
    wait_until(lambda: web.ask(page_path).stale, within=5, what="the mark")
    for path in (page_path, summary_path, "/"):
        assert_stale(web.ask(path))
    assert web.ask(page_path).body == good.body
    assert web.ask(page_path, if_none_match=good.headers["etag"]).status == 304

    began = time.monotonic()
    replies = in_parallel(40, lambda: web.ask(page_path))
    assert {reply.status for reply in replies} == {200}
    assert time.monotonic() - began < 2

    for _ in range(3):
        never_seen = web.ask("/status/never-seen")
        assert never_seen.status == 503
        assert int(never_seen.headers["retry-after"]) > 0
        assert b"<h1>" in never_seen.body
    assert web.ask("/livez").status == 200

    database_proxy.switch(Mode.PASS)
    wait_until(lambda: not web.ask(page_path).stale, within=10, what="fresh pages again")
    assert web.ask("/status/never-seen").status == 404


def test_a_page_that_cannot_be_rebuilt_is_marked_until_it_can(standing_web: Web, page: Page):
    """Each build fails after five seconds, while PostgreSQL answers everything else."""
    web, path = standing_web, path_of(page)
    assert not web.ask(path).stale
    locking = connection.copy()
    with contextlib.closing(locking), locking.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE pages_component IN ACCESS EXCLUSIVE MODE")
        Page.objects.filter(pk=page.pk).update(name="Renamed", version=F("version") + 1)
        wait_until(lambda: web.ask(path).stale, within=10, what="the mark")
        for _ in range(20):
            reply = web.ask(path)
            assert_stale(reply)
            assert b"Renamed" not in reply.body
    wait_until(lambda: not web.ask(path).stale, within=10, what="a fresh page again")
    assert b"Renamed" in web.ask(path).body


def test_requests_never_wait_when_postgresql_hangs_from_one_moment_to_the_next(
    proxied_web: Web, database_proxy: TcpProxy, page: Page
):
    assert proxied_web.ask(path_of(page)).status == 200
    database_proxy.switch(Mode.HANG)
    seconds = []
    until = time.monotonic() + 4
    while time.monotonic() < until:
        began = time.monotonic()
        assert proxied_web.ask(path_of(page)).status == 200
        seconds.append(time.monotonic() - began)
        time.sleep(0.02)
    assert max(seconds) < 1


def test_with_both_away_a_new_process_serves_from_disk(
    proxied: Webs, database_proxy: TcpProxy, redis_proxy: TcpProxy, page: Page
):
    before = proxied.running[0]
    wait_until(lambda: shows_at_root(before, page), within=5, what="the page at the root")
    good = before.ask("/")
    wait_until(lambda: copies_of(page, before), within=3, what="a copy")
    for proxy in (database_proxy, redis_proxy):
        proxy.switch(Mode.REFUSE)
    after = proxied.start()
    for path in ("/", f"/status/{page.subdomain}"):
        reply = after.ask(path)
        assert_stale(reply)
        assert reply.body == good.body
    for proxy in (database_proxy, redis_proxy):
        proxy.switch(Mode.PASS)
    wait_until(lambda: not after.ask("/").stale, within=10, what="fresh pages again")


def test_a_hidden_page_stays_gone_whatever_goes_away_later(
    proxied: Webs, database_proxy: TcpProxy, redis_proxy: TcpProxy, page: Page, operator: Actor
):
    """Archived while Redis is down; then Redis returns with an old version and PostgreSQL goes."""
    web, path, summary = proxied.running[0], path_of(page), summary_of(page)
    assert web.ask(path).status == web.ask(summary).status == 200
    wait_until(lambda: len(copies_of(page, web)) == 2, within=3, what="copies on disk")
    old = page.version

    redis_proxy.switch(Mode.REFUSE)
    actions.archive_page(page=page, actor=operator, at=now())
    wait_until(lambda: web.ask(path).status == 404, within=3, what="the page gone")
    assert web.ask(summary).status == 404
    wait_until(lambda: not copies_of(page, web), within=3, what="no copy on disk")

    redis_client().set(version_key(page.pk), old)
    redis_proxy.switch(Mode.PASS)
    database_proxy.switch(Mode.REFUSE)
    wait_until(lambda: web.ask(path).status == 503, within=5, what="PostgreSQL noticed")
    assert proxied.start().ask(path).status == 503


def test_a_page_put_away_and_shown_again_is_back(standing_web: Web, page: Page, operator: Actor):
    path = path_of(page)
    assert standing_web.ask(path).status == 200
    actions.unpublish_page(page=page, actor=operator, at=now())
    wait_until(lambda: standing_web.ask(path).status == 404, within=3, what="the page gone")
    actions.publish_page(page=page, actor=operator, at=now())
    wait_until(lambda: standing_web.ask(path).status == 200, within=3, what="the page back")
    wait_until(lambda: copies_of(page, standing_web), within=3, what="a copy on disk again")


def test_a_deleted_page_is_gone(standing_web: Web, page: Page):
    path = path_of(page)
    assert standing_web.ask(path).status == 200
    page.delete()
    wait_until(lambda: standing_web.ask(path).status == 404, within=3, what="the page gone")
