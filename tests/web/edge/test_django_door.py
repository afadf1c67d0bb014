import asyncio
import threading

import pytest

from tests.web.edge.requests import Request
from web.edge.django_door import LIMIT_REQUESTS, DjangoDoor, Door
from web.edge.notices import Notice


@pytest.mark.parametrize(
    ("path", "content_type"), [("/api/status", "application/json"), ("/accounts/", "text/html")]
)
def test_more_requests_than_may_wait_are_turned_away_at_once(path: str, content_type: str):
    go_on = threading.Event()

    def application(environ, start_response):
        assert go_on.wait(10)
        start_response("200 OK", [])
        return []

    door = DjangoDoor(Door(application, lambda: None, 0))
    request = Request(method="GET", path=path)

    async def ask() -> Notice:
        waiting = [
            asyncio.ensure_future(door.answer(request, None, anonymous=True))
            for _ in range(LIMIT_REQUESTS)
        ]
        await asyncio.sleep(0)
        refused = await door.answer(request, None, anonymous=True)
        go_on.set()
        assert {notice.status for notice in await asyncio.gather(*waiting)} == {200}
        return refused

    refused = asyncio.run(ask())
    door.close()
    headers = dict(refused.headers)
    assert refused.status == 503
    assert headers["content-type"].startswith(content_type)
    assert int(headers["retry-after"]) > 0
