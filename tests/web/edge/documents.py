"""Finished documents for tests."""

from uuid import UUID

from web.edge.finished import Finished, compressed

PAGE = UUID("01890000-0000-7000-8000-000000000001")
OTHER_PAGE = UUID("01890000-0000-7000-8000-000000000002")


def document(
    path: str = "/status/acme", *, page: UUID = PAGE, version: int = 1, body: bytes = b"hello"
) -> Finished:
    return Finished(
        path=path,
        page_id=page,
        version=version,
        valid_until=None,
        content_type="text/html; charset=utf-8",
        headers=(("Cache-Control", "public, max-age=10"),),
        bodies=compressed(body),
    )
