import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from tests.web.edge.documents import PAGE, document
from web.edge.builds import NEW_LIMIT, Builds, Unbuilt
from web.edge.copies import Copies, Copy
from web.edge.disk import Disk
from web.edge.finished import Finished

PATH = "/status/acme"
Make = Callable[[str], Finished | None]


@pytest.fixture
def copies() -> Copies:
    return Copies()


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


@pytest.fixture
def builds_with(copies: Copies, disk: Disk) -> Iterator[Callable[[Make], Builds]]:
    made: list[Builds] = []

    def start(make: Make) -> Builds:
        made.append(Builds(make=make, copies=copies, disk=disk))
        return made[-1]

    yield start
    for builds in made:
        builds.close()


def test_those_who_ask_together_share_one_build(builds_with: Callable[[Make], Builds]):
    count, go_on = [], threading.Event()

    def make(path: str) -> Finished:
        count.append(path)
        assert go_on.wait(5)
        return document(path)

    builds = builds_with(make)
    flights = [builds.start(PATH) for _ in range(50)]
    go_on.set()
    assert len({id(flight.result(5)) for flight in flights}) == 1
    assert count == [PATH]


def test_a_build_that_read_an_older_version_than_is_known_is_done_again(
    builds_with: Callable[[Make], Builds], copies: Copies
):
    versions = iter([1, 2])

    def make(path: str) -> Finished:
        built = document(path, version=next(versions))
        copies.observe({PAGE: 2})
        return built

    outcome = builds_with(make).start(PATH).result(5)
    assert isinstance(outcome, Copy)
    assert outcome.finished.version == 2


def test_what_a_visitor_may_not_see_leaves_no_copy(
    builds_with: Callable[[Make], Builds], copies: Copies
):
    copies.store(document())

    def make(path: str) -> None:
        return None

    assert builds_with(make).start(PATH).result(5) is Unbuilt.NOT_FOUND
    assert copies.get(PATH) is None


def test_a_flood_of_new_paths_keeps_no_held_page_waiting(
    builds_with: Callable[[Make], Builds], copies: Copies, disk: Disk
):
    go_on = threading.Event()

    def make(path: str) -> Finished | None:
        if "unknown" in path:
            assert go_on.wait(10)
            return None
        return document(path, version=2)

    copies.store(document())
    disk.save(document("/status/on-disk"))
    builds = builds_with(make)
    flood = [builds.start(f"/status/unknown-{number}") for number in range(NEW_LIMIT + 500)]
    for path in (PATH, "/status/on-disk"):
        assert isinstance(builds.start(path).result(5), Copy)

    refused = [flight for flight in flood if flight.done()]
    assert [flight.result() for flight in refused] == [Unbuilt.BUSY] * 500
    go_on.set()
    outcomes = [flight.result(5) for flight in flood if flight not in refused]
    assert outcomes == [Unbuilt.NOT_FOUND] * NEW_LIMIT
    assert builds.start("/status/unknown-again").result(5) is Unbuilt.NOT_FOUND


@pytest.mark.parametrize("error", [OperationalError("away"), ValueError("a defect")])
def test_a_failure_keeps_the_copy_and_raises_nowhere(
    builds_with: Callable[[Make], Builds], copies: Copies, error: Exception
):
    copies.store(document())

    def make(path: str) -> Finished:
        raise error

    builds = builds_with(make)
    assert builds.start(PATH).result(5) is Unbuilt.FAILED
    kept = copies.get(PATH)
    assert kept
    assert kept.doubtful
    assert builds.start(PATH).result(5) is Unbuilt.FAILED
