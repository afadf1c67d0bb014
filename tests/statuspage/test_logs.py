import json
import subprocess
import sys

import pytest
from django.conf import settings

from statuspage.logs import redact

TOKEN = "Zk3xV9q-pL0aS8dF7gH6jK5lQ4wE3rT2yU1iO0pA9s8"


@pytest.mark.parametrize(
    "secret",
    [
        "ann.o'hara+x@mail.example.org",
        f"/status/verify/{TOKEN}",
        f"/status/unsubscribe/{TOKEN}",
        f"/status/manage/{TOKEN}?c=1",
        f"/api/verify?token={TOKEN}",
        f"/unsubscribe?a=1&token={TOKEN}",
        f"/?unsubscribe={TOKEN}",
        f"Authorization: Bearer {TOKEN}",
        "postgresql://bellbuoy:hunter2@db.example/bellbuoy",
    ],
)
def test_secrets_do_not_reach_the_log(secret):
    line = redact(f"refused {secret} at once")
    assert "refused" in line
    assert "at once" in line
    for word in (TOKEN, "hara", "hunter2", "mail.example"):
        assert word not in line


def test_other_words_stay():
    line = "[SECURITY] refused incident.create on page 0197c0de-0000-7000-8000-000000000000"
    assert redact(line) == line


@pytest.mark.parametrize("as_json", [True, False])
def test_both_loggers_and_tracebacks_are_redacted(as_json):
    program = """
import logging, structlog, django
django.setup()
logging.getLogger("a").warning("[SECURITY] refused %s", "ann@example.org")
structlog.get_logger("b").warning("seen", token="Zk3xV9q", path="/status/verify/Zk3xV9q")
try:
    raise ValueError("Key (email)=(ann@example.org)")
except ValueError:
    logging.getLogger("c").exception("failed")
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "statuspage.settings", "DATA_DIR": str(settings.DATA_DIR)}
        | {"LOG_JSON": str(int(as_json))},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "[SECURITY] refused ***@***" in done.stderr
    assert "ann@" not in done.stderr
    assert "Zk3xV9q" not in done.stderr
    if as_json:
        assert [json.loads(line)["logger"] for line in done.stderr.splitlines()] == ["a", "b", "c"]
