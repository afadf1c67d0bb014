import pytest
from django.core.exceptions import ImproperlyConfigured

from subscribers.channels.smtp import Server, refused_recipient
from subscribers.models import Delivery


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25)),
        ("smtp+tls://me:p%40ss@mail.example", Server("mail.example", 587, "me", "p@ss", True)),
        ("smtp+ssl://mail.example", Server("mail.example", 465, implicit_tls=True)),
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525)),
    ],
)
def test_a_server_is_named_by_its_url(url: str, server: Server):
    assert Server.from_url(url) == server


@pytest.mark.parametrize("url", ["consolemail://", "http://mail.example", "smtp://"])
def test_a_url_that_names_no_server_is_said_so(url: str):
    with pytest.raises(ImproperlyConfigured):
        Server.from_url(url)


@pytest.mark.parametrize(
    ("code", "answer", "permanent", "refusal"),
    [
        (450, "450 4.2.1 busy", False, None),
        (550, "550 5.1.1 unknown", True, Delivery.Refusal.ADDRESS),
        (553, "553 5.1.3 bad syntax", True, Delivery.Refusal.ADDRESS),
        (550, "550 no such user", True, Delivery.Refusal.RECIPIENT),
        (550, "550 5.7.1 relay denied", True, Delivery.Refusal.RECIPIENT),
        (550, "550 5.4.4 no route", False, None),
        (552, "552 5.2.2 full", False, None),
    ],
)
def test_only_an_address_status_blames_the_address(code, answer, permanent, refusal):
    error = refused_recipient(code, answer)
    assert (error.permanent, error.refusal) == (permanent, refusal)
