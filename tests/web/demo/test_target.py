import threading
import urllib.error
import urllib.request

import pytest
from django.core.management import call_command

from web.demo import target


@pytest.fixture
def url(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with target.listen() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_the_switch_is_obeyed_at_once(url, capsys):
    assert status(url) == 200
    call_command("demo_target", "down")
    assert status(url) == 503
    assert "/status/demo" in capsys.readouterr().out
    call_command("demo_target", "up")
    assert status(url) == 200


def test_the_port_is_kept(url):
    assert url == f"http://127.0.0.1:{target.port()}/"


def test_a_taken_port_is_replaced_and_the_new_one_kept(url):
    taken = target.port()
    with target.listen() as second:
        assert second.server_port != taken
        assert target.port() == second.server_port
