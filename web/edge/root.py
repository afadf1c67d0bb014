"""The main host's root, where the default page answers with its whole tree."""

from web.edge.disk import Disk
from web.page.addresses import page_path


class Root:
    """Which page is the default one is heard from PostgreSQL, and kept on disk for a process
    that starts while it is away. As long as nobody knows, the root is Django's.
    """

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._page_path = _path_of(disk.load_default())

    def below(self, path: str, query: str) -> str:
        """What `path` is below the default page; empty where there is none.

        An old link to unsubscribe leads to the root as well, and means no document.
        """
        if not self._page_path:
            return ""
        if path != "/":
            return self._page_path + path
        return "" if "unsubscribe=" in query else self._page_path

    def hear(self, subdomain: str | None) -> None:
        """The default page is called `subdomain` now, or there is none."""
        page = _path_of(subdomain)
        if page != self._page_path:
            self._page_path = page
            self._disk.save_default(subdomain)


def _path_of(subdomain: str | None) -> str:
    return page_path(subdomain) if subdomain else ""
