from tests.web.edge.documents import OTHER_PAGE, PAGE, document
from web.edge.copies import IDLE_TICKS, Copies

PATH = "/status/acme"


def test_an_older_version_never_replaces_a_newer_one():
    copies = Copies()
    assert copies.store(document(version=7))
    assert copies.store(document(version=6)) is None
    assert copies.store(document("/status/acme/other", version=6)) is None
    assert copies.hot[PATH].finished.version == 7
    assert copies.store(document(version=7))


def test_a_newer_version_heard_of_takes_a_copy_out_of_service_but_keeps_it():
    copies = Copies()
    copies.store(document(version=7))
    assert not copies.observe({PAGE: 7})
    assert copies.observe({PAGE: 8})
    assert PATH not in copies.hot
    kept = copies.get(PATH)
    assert kept
    assert kept.dirty
    assert copies.store(document(version=7)) is None
    assert copies.store(document(version=8))
    assert PATH in copies.hot


def test_a_newer_version_met_in_a_build_takes_the_other_copies_of_its_page_out_of_service():
    copies = Copies()
    copies.store(document(version=1))
    copies.store(document("/status/acme/other", version=2))
    assert PATH not in copies.hot
    assert [copy.finished.path for copy in copies.to_rebuild()] == [PATH]


def test_while_nothing_can_be_confirmed_no_copy_is_hot():
    copies = Copies()
    copies.store(document())
    copies.confirm(False)
    copies.store(document("/status/acme/api/v2/status.json"))
    assert copies.hot == {}
    copies.observe({PAGE: 2})
    copies.store(document("/status/other", page=OTHER_PAGE))
    copies.confirm(True)
    assert set(copies.hot) == {"/status/other"}


def test_a_copy_stored_as_dirty_waits_for_a_newer_one():
    copies = Copies()
    copies.store(document(), dirty=True)
    copies.confirm(False)
    copies.confirm(True)
    assert copies.hot == {}
    [kept] = copies.to_rebuild()
    assert kept is copies.get(PATH)


def test_a_forgotten_page_comes_back_only_at_a_later_version():
    copies = Copies()
    copies.store(document(version=7))
    copies.forget(PAGE, 8)
    assert copies.get(PATH) is None
    assert copies.store(document(version=8)) is None
    assert copies.store(document(version=9))


def test_a_database_put_back_to_an_older_state_is_believed():
    copies = Copies()
    copies.store(document(version=70))
    copies.rewind(PAGE, 3)
    assert copies.get(PATH) is None
    assert copies.store(document(version=3))


def test_memory_is_bounded_and_the_longest_unused_go_first():
    copies = Copies(limit_bytes=100_000)
    for number in range(100):
        copies.tick = number
        copies.store(document(f"/status/page-{number}", body=bytes(4_000)))
        copies.get("/status/page-0")
    assert len(copies.hot) < 30
    assert {"/status/page-0", "/status/page-99"} <= copies.hot.keys()
    assert "/status/page-1" not in copies.hot


def test_an_expired_copy_nobody_asks_for_waits_but_an_outdated_one_does_not():
    copies = Copies()
    expired, outdated = (
        copies.store(document()),
        copies.store(document("/status/other", page=OTHER_PAGE)),
    )
    assert expired
    assert outdated
    copies.tick = IDLE_TICKS + 1
    expired.dirty = True
    copies.observe({OTHER_PAGE: 2})
    assert copies.to_rebuild() == [outdated]
    copies.get(PATH)
    assert copies.to_rebuild() == [expired, outdated]
