from pathlib import Path

import pytest

from tests.web.edge.documents import OTHER_PAGE, PAGE, document
from web.edge.disk import Disk

PATH = "/status/acme"


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "edge")


def test_a_copy_comes_back_as_it_was(disk: Disk):
    kept = document(body="Grüße".encode())
    disk.save(kept)
    assert disk.load(PATH) == kept
    assert disk.load("/status/other") is None


def test_the_newer_copy_stays_whatever_the_order(disk: Disk):
    disk.save(document(version=8))
    disk.save(document(version=7))
    assert disk.load(PATH) == document(version=8)
    disk.save(document(version=9))
    assert disk.versions() == {PAGE: 9}


def test_a_tombstone_removes_every_copy_and_refuses_late_ones(disk: Disk):
    disk.save(document(version=7))
    disk.save(document("/status/acme/api/v2/status.json", version=6))
    disk.save(document("/status/other", page=OTHER_PAGE))
    disk.bury(PAGE, 8)
    assert disk.load(PATH) is None
    disk.save(document(version=8))
    assert disk.load(PATH) is None
    assert disk.versions() == {OTHER_PAGE: 1}
    disk.save(document(version=9))
    assert disk.load(PATH) == document(version=9)


def test_a_look_up_reads_no_folder(disk: Disk):
    """It sees what the last listing saw; the watch lists each second."""
    assert disk.load(PATH) is None
    Disk(disk.folder).save(document())
    assert not disk.holds(PATH)
    assert disk.load(PATH) is None
    assert disk.versions() == {PAGE: 1}
    assert disk.holds(PATH)
    assert disk.load(PATH) == document()


def test_a_page_rewound_may_be_stored_at_any_version(disk: Disk):
    disk.bury(PAGE, 100)
    disk.rewind(PAGE)
    disk.save(document(version=3))
    assert disk.load(PATH) == document(version=3)


def test_a_damaged_copy_is_no_copy(disk: Disk):
    disk.save(document())
    [file] = disk.folder.glob("*.*.*")
    file.write_bytes(file.read_bytes()[:-7])
    assert disk.load(PATH) is None


def test_a_folder_that_cannot_be_written_costs_only_the_copies(tmp_path: Path):
    blocker = tmp_path / "file"
    blocker.touch()
    disk = Disk(blocker / "edge")
    disk.save(document())
    disk.bury(PAGE, 1)
    assert disk.load(PATH) is None
    assert disk.versions() == {}


def test_the_number_of_files_is_bounded(tmp_path: Path):
    disk = Disk(tmp_path / "edge", max_files=20)
    for number in range(50):
        disk.save(document(f"/status/page-{number}"))
    assert len(list(disk.folder.glob("*.*.*"))) <= 20
    assert disk.load("/status/page-49")
