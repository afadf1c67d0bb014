"""Name lookups, in threads of our own.

libcurl has 20 threads for them: as many names whose servers are silent hold up every other
lookup, and good targets seem to time out (curl's CURLMOPT_RESOLVE_THREADS_MAX, which pycurl
cannot set).
"""

import os
import socket
import threading
from queue import SimpleQueue

# A silent name holds a thread for as long as the system's resolver is patient, about 10 s.
THREADS = 200


class Names:
    """Each name is looked up once at a time, however many ask for it.

    `bell` is a descriptor that becomes readable when there are answers.
    """

    def __init__(self) -> None:
        self.bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._asked: SimpleQueue[str | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._answers: dict[str, list[str]] = {}
        self._pending: set[str] = set()
        self._threads = 0
        self._closed = False

    def ask(self, host: str) -> None:
        if host in self._pending:
            return
        self._pending.add(host)
        if self._threads < min(len(self._pending), THREADS):
            self._threads += 1
            threading.Thread(target=self._work, daemon=True, name="names").start()
        self._asked.put(host)

    def answers(self) -> dict[str, list[str]]:
        """Names with their addresses, none for one that cannot be resolved."""
        with self._lock:
            answers, self._answers = self._answers, {}
            if answers:
                os.eventfd_read(self.bell)
        self._pending -= answers.keys()
        return answers

    def close(self) -> None:
        """The threads end when their lookups do; nobody waits for them."""
        with self._lock:
            self._closed = True
            os.close(self.bell)
        for _ in range(self._threads):
            self._asked.put(None)

    def _work(self) -> None:
        while (host := self._asked.get()) is not None:
            addresses = _addresses(host)
            with self._lock:
                if self._closed:
                    return
                self._answers[host] = addresses
                os.eventfd_write(self.bell, 1)


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(place[0]) for *_, place in found))
