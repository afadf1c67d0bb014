"""Every target, however hostile, costs its one deadline and a bounded number of bytes."""

import os
import resource
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from accounts.ids import new_id
from monitoring.addresses import Policy
from monitoring.outcome import Reason, Result
from monitoring.probes import Job, Probes
from monitoring.probes.loop import KEPT_HANDLES
from monitoring.probes.transfer import MAX_BODY_BYTES
from monitoring.verdict import Verdict
from statuspage.serve.ports import free_port
from tests.faults.http_target import GIGABYTE, HttpTarget
from tests.processes import wait_until

LAB = Policy.of(["127.0.0.0/8"])
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TIMEOUT_MS = 500


@pytest.fixture
def probes() -> Iterator[Probes]:
    probes = Probes(LAB)
    yield probes
    probes.close()


def job(url: str, timeout_ms: int = TIMEOUT_MS) -> Job:
    return Job(monitor_id=new_id(), url=url, timeout_ms=timeout_ms, started_at=NOON)


def finish(probes: Probes, count: int = 1, within_s: float = 10) -> list[Result]:
    results: list[Result] = []
    end = time.monotonic() + within_s
    while len(results) < count and time.monotonic() < end:
        results += probes.step(0.1)
    assert len(results) == count
    return results


def check(probes: Probes, url: str, timeout_ms: int = TIMEOUT_MS) -> Result:
    probes.start([job(url, timeout_ms)])
    return finish(probes)[0]


@pytest.mark.parametrize("code", [200, 201, 204, 299])
def test_any_2xx_is_up(probes: Probes, target: HttpTarget, code: int):
    result = check(probes, target.url(f"status/{code}"))
    assert (result.verdict, result.status_code) == (Verdict.UP, code)
    assert result.response_ms is not None
    assert result.phases is not None
    assert result.checked_at == NOON


@pytest.mark.parametrize("code", [304, 404, 429, 500, 503])
def test_any_other_status_is_down_and_keeps_its_time(probes: Probes, target: HttpTarget, code: int):
    result = check(probes, target.url(f"status/{code}"))
    assert (result.verdict, result.reason) == (Verdict.DOWN, Reason.HTTP_STATUS)
    assert result.status_code == code
    assert result.response_ms is not None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("hang", Reason.TIMEOUT),
        ("drip", Reason.TIMEOUT),
        ("slow_headers", Reason.TIMEOUT),
        ("tiny_chunks", Reason.TIMEOUT),
        ("huge_header", Reason.MALFORMED),
        ("many_headers", Reason.MALFORMED),
        ("continue_flood", Reason.INCOMPLETE),
        ("lying_length", Reason.INCOMPLETE),
        ("reset", Reason.RESET),
        ("close", Reason.EMPTY_ANSWER),
        ("garbage", Reason.MALFORMED),
        ("http_09", Reason.MALFORMED),
        ("redirect_loop", Reason.TOO_MANY_REDIRECTS),
        ("redirect_to_file", Reason.MALFORMED),
    ],
)
def test_a_hostile_target_is_down_for_a_fixed_reason_within_its_deadline(
    probes: Probes, target: HttpTarget, path: str, reason: Reason
):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    result = check(probes, target.url(path))
    assert time.monotonic() - began < TIMEOUT_MS / 1000 + 1
    assert (result.verdict, result.reason) == (Verdict.DOWN, reason)
    assert (result.response_ms, result.status_code) == (None, None)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


@pytest.mark.parametrize("path", ["gigabyte", "endless_chunks"])
def test_a_body_without_end_is_cut_and_judged_by_its_status(
    probes: Probes, target: HttpTarget, path: str
):
    probes.start([job(target.url(path))])
    (transfer,) = probes.running
    result = finish(probes)[0]
    assert result.verdict is Verdict.UP
    assert transfer.body_bytes < MAX_BODY_BYTES + 128 * 1024
    # What the target could push on the wire is what socket buffers hold.
    assert target.sent_bytes < GIGABYTE / 50


def test_a_compressed_bomb_is_neither_asked_for_nor_unpacked(probes: Probes, target: HttpTarget):
    probes.start([job(target.url("gzip_bomb"), 5000)])
    (transfer,) = probes.running
    assert finish(probes)[0].verdict is Verdict.UP
    assert transfer.body_bytes < MAX_BODY_BYTES


def test_the_request_is_plain_and_names_the_product(probes: Probes, target: HttpTarget):
    check(probes, target.url())
    head = target.heads[-1].lower()
    assert b"user-agent: bellbuoy" in head
    for name in (b"accept-encoding", b"cookie", b"authorization", b"proxy"):
        assert name not in head


def test_nobody_listening_is_refused(probes: Probes):
    result = check(probes, f"http://127.0.0.1:{free_port()}/")
    assert (result.verdict, result.reason) == (Verdict.DOWN, Reason.REFUSED)


def test_an_unresolvable_name_is_a_dns_failure(probes: Probes):
    result = check(probes, "http://no-such-host.invalid/", 5000)
    assert (result.verdict, result.reason) == (Verdict.DOWN, Reason.DNS)


def test_a_name_of_which_one_address_is_allowed_is_checked_there(probes: Probes):
    """`localhost` is ::1 as well, which is not in the allowed networks."""
    result = check(probes, f"http://localhost:{free_port()}/")
    assert (result.verdict, result.reason) == (Verdict.DOWN, Reason.REFUSED)


def test_silent_name_servers_hold_up_no_other_name(
    probes: Probes, target: HttpTarget, monkeypatch: pytest.MonkeyPatch
):
    ask, answer_at_last = socket.getaddrinfo, threading.Event()

    def patient(host: str, *args: Any, **options: Any) -> Any:
        if host.endswith(".silent.example"):
            answer_at_last.wait(30)
        return ask("127.0.0.1", *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", patient)
    probes.start(job(f"http://{number}.silent.example/") for number in range(100))
    began = time.monotonic()
    assert check(probes, f"http://good.example:{target.port}/ok", 5000).verdict is Verdict.UP
    assert time.monotonic() - began < TIMEOUT_MS / 1000
    results = finish(probes, 100)
    assert time.monotonic() - began < TIMEOUT_MS / 1000 + 1
    assert {result.reason for result in results} == {Reason.TIMEOUT}
    answer_at_last.set()


def test_environment_proxies_are_ignored(
    probes: Probes, target: HttpTarget, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    assert check(probes, target.url()).verdict is Verdict.UP


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://2130706433:1/",
    ],
)
def test_a_blocked_address_is_unknown_and_never_connected_to(url: str):
    probes = Probes(Policy())
    result = check(probes, url)
    probes.close()
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.BLOCKED)


def test_a_name_is_judged_by_where_it_leads(target: HttpTarget):
    probes = Probes(Policy())
    result = check(probes, f"http://localhost:{target.port}/ok")
    probes.close()
    assert result.reason is Reason.BLOCKED
    assert not target.asked


def test_redirects_are_followed_and_each_hop_is_judged(probes: Probes, target: HttpTarget):
    assert check(probes, target.url(f"to/{target.url('ok')}")).verdict is Verdict.UP
    result = check(probes, target.url("redirect_to_metadata"))
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.BLOCKED)


def test_five_redirects_pass_and_six_do_not(probes: Probes, target: HttpTarget):
    url = target.url("ok")
    for _ in range(5):
        url = target.url(f"to/{url}")
    assert check(probes, url).verdict is Verdict.UP
    assert check(probes, target.url(f"to/{url}")).reason is Reason.TOO_MANY_REDIRECTS


def test_an_untrusted_certificate_is_a_tls_failure(probes: Probes, tmp_path: Path):
    with HttpTarget(tls=_self_signed(tmp_path)) as target:
        result = check(probes, target.url(), 2000)
    assert (result.verdict, result.reason) == (Verdict.DOWN, Reason.TLS)


def test_hanging_targets_hold_up_nobody_and_idle_handles_are_few(
    probes: Probes, target: HttpTarget
):
    hanging = KEPT_HANDLES + 50
    probes.start(job(target.url("hang"), 3000) for _ in range(hanging))
    began = time.monotonic()
    assert check(probes, target.url()).verdict is Verdict.UP
    assert time.monotonic() - began < 2
    results = finish(probes, hanging)
    assert {result.reason for result in results} == {Reason.TIMEOUT}
    assert len(probes.idle) == KEPT_HANDLES


def asked(probes: Probes, target: HttpTarget, times: int) -> None:
    """Steps, without a result, until the target has seen so many requests."""

    def seen() -> bool:
        assert probes.step(0.05) == []
        return target.asked["hang"] == times

    wait_until(seen, within=5, what=f"request {times}")


def test_a_deadline_that_passes_while_the_process_stands_still_is_given_once_more(
    probes: Probes, target: HttpTarget
):
    probes.start([job(target.url("hang"), 1200)])
    asked(probes, target, 1)
    time.sleep(1.3)
    asked(probes, target, 2)
    time.sleep(1.3)
    assert finish(probes)[0].reason is Reason.TIMEOUT


def test_a_check_with_time_left_after_a_standstill_is_believed(probes: Probes, target: HttpTarget):
    probes.start([job(target.url("hang"), 3500)])
    asked(probes, target, 1)
    time.sleep(1.2)
    assert finish(probes)[0].reason is Reason.TIMEOUT
    assert target.asked["hang"] == 1


def test_a_process_without_descriptors_blames_nobody(probes: Probes, target: HttpTarget):
    waiting = job(target.url())
    probes.start([waiting])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        assert probes.step(0.1) == []
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert probes.undone == [waiting]


def test_abandoned_checks_come_back_as_jobs(probes: Probes, target: HttpTarget):
    jobs = [job(target.url("hang")), job(target.url("hang"))]
    probes.start(jobs)
    probes.step(0.1)
    assert sorted(probes.abandon(), key=str) == sorted(jobs, key=str)
    assert check(probes, target.url()).verdict is Verdict.UP


def _self_signed(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate nobody else vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=datetime.now(UTC) - timedelta(days=1),
        not_valid_after=datetime.now(UTC) + timedelta(days=1),
    )
    certificate = builder.sign(key, hashes.SHA256())
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context
