from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command

from pages.models import Page
from subscribers import crypto, vault
from subscribers.models import Subscriber
from tests.subscribers.factories import make_many, make_subscriber


def test_a_value_opens_only_in_its_own_row_and_column():
    row = uuid4()
    sealed = crypto.seal("ann@example.com", table="a", row=row)
    assert crypto.unseal(sealed, table="a", row=row) == "ann@example.com"
    for table, other in (("a", uuid4()), ("b", row)):
        with pytest.raises(crypto.UnreadableError):
            crypto.unseal(sealed, table=table, row=other)


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x07" + bytes(40), b"\x01" + bytes(40)])
def test_what_was_not_sealed_by_us_is_unreadable(broken: bytes):
    with pytest.raises(crypto.UnreadableError):
        crypto.unseal(broken, table="a", row=uuid4())


def test_equal_values_are_sealed_differently():
    row = uuid4()
    assert crypto.seal("x", table="a", row=row) != crypto.seal("x", table="a", row=row)


def test_the_blind_index_depends_on_its_key_alone(settings):
    before = crypto.blind_index("Ann@example.com")
    settings.ENCRYPTION_KEYS = {9: bytes(32)}
    assert crypto.blind_index("ANN@example.com") == before
    settings.INDEX_KEY = bytes(32)
    assert crypto.blind_index("ann@example.com") != before


def test_rotation_moves_every_value_to_the_newest_key(page: Page, settings, monkeypatch):
    monkeypatch.setattr("subscribers.rotation.BATCH", 2)
    make_many(page, 4)
    ann = make_subscriber(page, "ann@example.com")
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS | {7: bytes(range(32))}
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "Subscriber.address: 2 of 5\n" in out.getvalue()
    assert "Subscriber.unsubscribe_token: 5 of 5\n" in out.getvalue()
    settings.ENCRYPTION_KEYS = {7: bytes(range(32))}
    assert vault.address_of(Subscriber.objects.get(pk=ann.pk)) == "ann@example.com"
    assert len(vault.unsubscribe_token_of(Subscriber.objects.get(pk=ann.pk))) == 64


def test_rotation_without_the_old_key_stops_and_says_so(page: Page, settings):
    make_subscriber(page, "ann@example.com")
    settings.ENCRYPTION_KEYS = {7: bytes(range(32))}
    with pytest.raises(crypto.UnreadableError):
        call_command("rotate_keys", stdout=StringIO())
