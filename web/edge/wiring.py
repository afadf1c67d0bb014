"""The parts of the edge, put together."""

from pathlib import Path
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.db import close_old_connections
from django.utils.timezone import now

from web.edge.assets import load_assets
from web.edge.builds import Builds
from web.edge.copies import Copies
from web.edge.disk import Disk
from web.edge.django_door import DjangoDoor, Door
from web.edge.edge import Edge
from web.edge.finished import Finished, finish
from web.edge.public import Public
from web.edge.root import Root
from web.edge.watch import Watch
from web.page.documents import address_of, build


def make(path: str) -> Finished | None:
    """The document at `path` as PostgreSQL has it now, None where a visitor may see none."""
    address = address_of(path)
    document = build(address, at=now()) if address is not None else None
    return finish(path, document) if document is not None else None


def make_edge(django: WSGIApplication) -> Edge:
    copies, disk = Copies(), Disk(Path(settings.DATA_DIR) / "edge")
    builds = Builds(make=make, copies=copies, disk=disk)
    root = Root(disk)
    watch = Watch(copies=copies, builds=builds, disk=disk, root=root)
    public = Public(copies=copies, builds=builds, watch=watch, disk=disk)

    def changed() -> None:
        public.unknown.clear()
        watch.confirm(own_change=True)
        close_old_connections()

    return Edge(
        copies=copies,
        public=public,
        root=root,
        watch=watch,
        django=DjangoDoor(Door(django, changed, settings.TRUSTED_PROXIES)),
        assets=load_assets(Path(settings.STATIC_ROOT), url=settings.STATIC_URL),
    )
