"""What reaches Django of a request."""

from tests.web.edge.requests import Headers, Request
from web.edge.environ import environ_of


def environ(*headers: tuple[str, str], proxies: int = 0, anonymous: bool = False):
    request = Request(Headers(headers))
    return environ_of(request, b"body", proxies=proxies, anonymous=anonymous)


def test_path_and_body_are_as_pep_3333_has_them():
    variables = environ(("content-type", "text/plain"), ("content-length", "9"))
    assert variables["PATH_INFO"].encode("latin-1").decode() == "/status/café"
    assert variables["QUERY_STRING"] == "a=%00"
    assert variables["CONTENT_LENGTH"] == "4"
    assert variables["CONTENT_TYPE"] == "text/plain"
    assert variables["wsgi.input"].read() == b"body"


def test_repeated_headers_are_joined_and_underscores_are_dropped():
    variables = environ(
        ("cookie", "a=1"), ("cookie", "b=2"), ("accept", "x"), ("accept", "y"), ("x_user", "root")
    )
    assert variables["HTTP_COOKIE"] == "a=1; b=2"
    assert variables["HTTP_ACCEPT"] == "x,y"
    assert "HTTP_X_USER" not in variables


def test_visitors_bring_no_credentials():
    sent = (("cookie", "sessionid=1"), ("authorization", "Bearer x"), ("accept", "x"))
    variables = environ(*sent, anonymous=True)
    assert "HTTP_COOKIE" not in variables
    assert "HTTP_AUTHORIZATION" not in variables
    assert "HTTP_COOKIE" in environ(*sent)


def test_forwarding_headers_end_here():
    sent = (
        ("x-forwarded-for", "6.6.6.6"),
        ("x-forwarded-for", "1.2.3.4"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
    )
    believed, ignored = environ(*sent, proxies=1), environ(*sent)
    assert (believed["REMOTE_ADDR"], believed["wsgi.url_scheme"]) == ("1.2.3.4", "https")
    assert (ignored["REMOTE_ADDR"], ignored["wsgi.url_scheme"]) == ("10.0.0.9", "http")
    for variables in (believed, ignored):
        assert not [name for name in variables if "FORWARDED" in name]
