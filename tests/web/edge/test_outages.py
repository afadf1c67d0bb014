"""Visitors while PostgreSQL or Redis are away, or hang: the last good copy, marked as such."""

import time

import pytest
from django.utils.timezone import now

from accounts.actor import Actor
from pages import actions
from pages.models import Page
from pages.versions import redis_client, version_key
from tests.faults.tcp_proxy import Mode, TcpProxy
from tests.processes import wait_until
from tests.web.edge.conftest import Reply, Web, Webs, in_parallel

PATH = "/status/acme"
SUMMARY = "/status/acme/api/v2/summary.json"


def marked_stale(web: Web) -> bool:
    return web.ask(PATH).stale


def assert_stale(reply: Reply) -> None:
    assert reply.status == 200
    assert reply.stale
    lines = [part.strip() for part in reply.headers["cache-control"].split(",")]
    [age] = [line.partition("=")[2] for line in lines if line.startswith("max-age")]
    assert int(age) <= 10


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.HANG])
def test_without_postgresql_the_last_good_copy_is_served_and_marked(
    proxied: Webs, database_proxy: TcpProxy, page: Page, mode: Mode
):
    web = proxied.start()
    good = web.ask(PATH)
    assert web.ask(SUMMARY).status == 200
    assert not good.stale
    database_proxy.switch(mode)
    wait_until(lambda: marked_stale(web), within=5, what="the mark")
    for path in (PATH, SUMMARY):
        assert_stale(web.ask(path))
    assert web.ask(PATH).body == good.body
    assert web.ask(PATH, if_none_match=good.headers["etag"]).status == 304

    began = time.monotonic()
    replies = in_parallel(40, lambda: web.ask(PATH))
    assert {reply.status for reply in replies} == {200}
    assert time.monotonic() - began < 2

    for _ in range(3):
        never_seen = web.ask("/status/never-seen")
        assert never_seen.status == 503
        assert int(never_seen.headers["retry-after"]) > 0
        assert b"<h1>" in never_seen.body
    assert web.ask("/livez").status == 200

    database_proxy.switch(Mode.PASS)
    wait_until(lambda: not marked_stale(web), within=10, what="fresh pages again")
    assert web.ask("/status/never-seen").status == 404


def test_requests_never_wait_when_postgresql_hangs_from_one_moment_to_the_next(
    proxied: Webs, database_proxy: TcpProxy, page: Page
):
    web = proxied.start()
    assert web.ask(PATH).status == 200
    database_proxy.switch(Mode.HANG)
    seconds = []
    until = time.monotonic() + 4
    while time.monotonic() < until:
        began = time.monotonic()
        assert web.ask(PATH).status == 200
        seconds.append(time.monotonic() - began)
        time.sleep(0.02)
    assert max(seconds) < 1


def test_with_both_away_a_new_process_serves_from_disk(
    proxied: Webs, database_proxy: TcpProxy, redis_proxy: TcpProxy, page: Page
):
    before = proxied.start()
    good = before.ask(PATH)
    wait_until(lambda: list((before.data_dir / "edge").glob("*.*.*")), within=3, what="a copy")
    proxied.stop()
    for proxy in (database_proxy, redis_proxy):
        proxy.switch(Mode.REFUSE)
    after = proxied.start()
    reply = after.ask(PATH)
    assert_stale(reply)
    assert reply.body == good.body
    for proxy in (database_proxy, redis_proxy):
        proxy.switch(Mode.PASS)
    wait_until(lambda: not marked_stale(after), within=10, what="fresh pages again")


def test_a_hidden_page_stays_gone_whatever_goes_away_later(
    proxied: Webs, database_proxy: TcpProxy, redis_proxy: TcpProxy, page: Page, operator: Actor
):
    """Archived while Redis is down; then Redis returns with an old version and PostgreSQL goes."""
    web = proxied.start()
    assert web.ask(PATH).status == web.ask(SUMMARY).status == 200
    folder = web.data_dir / "edge"
    wait_until(lambda: len(list(folder.glob("*.*.*"))) == 2, within=3, what="copies on disk")
    old = page.version

    redis_proxy.switch(Mode.REFUSE)
    actions.archive_page(page=page, actor=operator, at=now())
    wait_until(lambda: web.ask(PATH).status == 404, within=3, what="the page gone")
    assert web.ask(SUMMARY).status == 404
    wait_until(lambda: not list(folder.glob("*.*.*")), within=3, what="no copy on disk")

    redis_client().set(version_key(page.pk), old)
    redis_proxy.switch(Mode.PASS)
    database_proxy.switch(Mode.REFUSE)
    wait_until(lambda: web.ask(PATH).status == 503, within=5, what="PostgreSQL noticed")
    proxied.stop()
    assert proxied.start().ask(PATH).status == 503


def test_a_page_put_away_and_shown_again_is_back(standing_web: Web, page: Page, operator: Actor):
    path = f"/status/{page.pk}"
    assert standing_web.ask(path).status == 200
    actions.unpublish_page(page=page, actor=operator, at=now())
    wait_until(lambda: standing_web.ask(path).status == 404, within=3, what="the page gone")
    actions.publish_page(page=page, actor=operator, at=now())
    wait_until(lambda: standing_web.ask(path).status == 200, within=3, what="the page back")
    kept = f"{page.pk.hex}.*.*"
    folder = standing_web.data_dir / "edge"
    wait_until(lambda: list(folder.glob(kept)), within=3, what="a copy on disk again")


def test_a_deleted_page_is_gone(standing_web: Web, page: Page):
    path = f"/status/{page.pk}"
    assert standing_web.ask(path).status == 200
    page.delete()
    wait_until(lambda: standing_web.ask(path).status == 404, within=3, what="the page gone")
