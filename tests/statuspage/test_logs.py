import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from statuspage.logs import redact, redact_event

TOKEN = "Zk3xV9q-pL0aS8dF7gH6jK5lQ4wE3rT2yU1iO0pA9s8"
HEX_TOKEN = "3f" * 32


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
        f"Authorization: OAuth {TOKEN}",
        f"/accounts/login/?next=%2Fstatus%2Fmanage%2F{TOKEN}",
        f"/accounts/password/reset/key/1-{TOKEN}/",
        f"?k=bb_{TOKEN}",
        f"?%74oken={HEX_TOKEN}",
        "joe%40mail.example.com",
        "postgresql://bellbuoy:hunter2@db.example/bellbuoy",
    ],
)
def test_secrets_do_not_reach_the_log(secret):
    line = redact(f"refused {secret} at once")
    assert "refused" in line
    assert "at once" in line
    for word in (TOKEN, HEX_TOKEN, "hara", "hunter2", "mail.example"):
        assert word not in line


def test_other_words_stay():
    line = "[SECURITY] refused incident.create on page 0197c0de-0000-7000-8000-000000000000"
    assert redact(line) == line


@pytest.mark.parametrize("word", ["a", "a@", "://", ":", "%40", "/key/", "bb_", "3f"])
def test_one_long_word_costs_little(word):
    event = {"event": word * (300_000 // len(word))}
    began = time.perf_counter()
    redact_event(None, "warning", event)
    assert time.perf_counter() - began < 0.5


def test_what_is_no_text_is_redacted_as_well():
    event = redact_event(None, "warning", {"request": Path(f"/status/manage/{HEX_TOKEN}")})
    assert event["request"] == "/status/manage/***"


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
