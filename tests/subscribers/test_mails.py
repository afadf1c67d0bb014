"""What arrives in a mailbox."""

import email
import re
import stat
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

import pytest
from django.test.utils import override_settings
from django.utils.timezone import now
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import User
from incidents.actions import open_incident, post_update
from incidents.lifecycle import IncidentStatus
from pages.models import Component, Page
from pages.versions import changing
from subscribers import actions, delivery, outbox, relay, vault
from subscribers.channels import frame
from subscribers.message import Kind, Message
from subscribers.models import Delivery, Notification
from subscribers.requests import decide_all
from tests.factories import ComponentFactory
from tests.subscribers.factories import make_fact, make_message, make_subscriber

TOKEN = "a" * 64
SECRET = "b" * 64


@pytest.fixture(autouse=True)
def _mail_folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.EMAIL_URL = ""


def delivered(settings) -> list[EmailMessage]:
    """Everything due, sent to files and parsed, in the order of sending."""
    relay.fan_out_all()
    delivery.run("email", seconds=10)
    paths = sorted((settings.DATA_DIR / "mail").glob("*"))
    assert {path.suffix for path in paths} <= {".eml"}
    return [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part
    return str(part.get_content())


def tell(page: Page, settings, message: Message) -> EmailMessage:
    make_subscriber(page, "ann@example.com")
    outbox.enqueue(page=page, message=message, at=now())
    (mail,) = delivered(settings)
    return mail


def test_nobody_else_may_read_the_files(page: Page, settings):
    tell(page, settings, make_message())
    folder = settings.DATA_DIR / "mail"
    [mail] = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(mail.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Kind.INCIDENT_CREATED, "🔴 Incident: Payments fail"),
        (Kind.INCIDENT_UPDATED, "🟡 Update: Payments fail"),
        (Kind.INCIDENT_RESOLVED, "🟢 Resolved: Payments fail"),
    ],
)
def test_the_subject_names_the_event_and_the_incident(page: Page, settings, kind, subject):
    assert tell(page, settings, make_message(kind=kind))["Subject"] == subject


def test_both_parts_say_the_same(page: Page, settings, component: Component):
    other = ComponentFactory(page=page, name="Cards & <more>")
    page.timezone = "Europe/Berlin"
    page.save()
    at = datetime(2025, 11, 21, 13, 32, tzinfo=UTC)
    message = make_message(
        title="Declined <b>cards</b>",
        kind=Kind.INCIDENT_UPDATED,
        status="identified",
        status_label="Identified",
        status_colour="#f97316",
        body={"en": "Half of the *traffic* is back."},
        occurred_at=at,
        began_at=at - timedelta(minutes=41),
        facts=(
            make_fact(component, new="partial_outage"),
            make_fact(other, new="degraded_performance"),
        ),
    )
    mail = tell(page, settings, message)
    text, html = text_of(mail), html_of(mail)
    shown = re.sub(r"<head>.*?</head>|<[^>]+>", " ", html, flags=re.DOTALL)
    shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    words = " ".join(shown.split())
    for sentence in (
        "Acme status",
        "Declined <b>cards</b>",
        "Identified",
        "Major severity · open for 41 minutes",
        "Friday 21 November 2025, 14:32 (Berlin), 13:32 UTC",
        "Affected services: Website, Cards & <more>",
        "View status page →",
        "Unsubscribe",
        "Latest update: ",
    ):
        assert sentence in text
        assert sentence in words
    assert "Half of the <em>traffic</em> is back." in html
    assert "Half of the *traffic* is back." in text
    assert "background-color: #f97316" in html
    assert "Website: Partial outage" in text
    assert "Website Partial outage" in words
    assert "@media (prefers-color-scheme: dark)" in html


PILLS = {
    IncidentStatus.INVESTIGATING: "#ef4444",
    IncidentStatus.IDENTIFIED: "#f97316",
    IncidentStatus.MONITORING: "#eab308",
    IncidentStatus.RESOLVED: "#22c55e",
}


@pytest.mark.parametrize(("status", "colour"), PILLS.items())
def test_the_pill_has_the_colour_of_the_status(
    page: Page, operator: Actor, settings, status: IncidentStatus, colour: str
):
    make_subscriber(page, "ann@example.com")
    story = {"actor": operator, "at": now(), "body": ""}
    incident = open_incident(page=page, name="Payments fail", statuses={}, **story)
    if status is not IncidentStatus.INVESTIGATING:
        post_update(incident=incident, status=status, **story)
    (mail,) = delivered(settings)
    pill = re.search(r'<span class="pill" style="([^"]*)">([^<]*)</span>', html_of(mail))
    assert pill
    style = dict(rule.split(": ") for rule in re.split(r";\s*", pill[1].rstrip("; ")))
    assert (style["background-color"], style["color"]) == (colour, "#11191e")
    assert pill[2] == status.label


@pytest.mark.parametrize(
    ("status", "line"),
    [("investigating", "dotted"), ("identified", "dashed"), ("monitoring", "double")],
)
def test_the_line_tells_the_stage_by_its_pattern(page: Page, settings, status: str, line: str):
    html = html_of(tell(page, settings, make_message(status=status)))
    assert f"border-top-style: {line}" in html


def test_hostile_text_is_inert(page: Page, settings, component: Component):
    component.name = "<img src=x onerror=alert(1)>"
    message = make_message(
        title="<script>alert(1)</script> {{ 7|add:7 }}",
        body={
            "en": "<iframe src=//evil></iframe> [x](javascript:alert(1)) ![y](http://evil/p.png)"
        },
        status_colour="red;background:url(//evil)",
        facts=(make_fact(component, new="major_outage"),),
    )
    html = html_of(tell(page, settings, message))
    for live in ("<script", "<iframe", "<img", 'href="javascript', "url("):
        assert live not in html
    assert "{{ 7|add:7 }}" in html


def test_headers_let_mail_programs_unsubscribe_and_machines_keep_quiet(page: Page, settings):
    person = make_subscriber(page, "ann@example.com")
    topic = page.pk
    with changing(page.pk):
        outbox.enqueue(page=page, message=make_message(topic=topic), at=now())
    (mail,) = delivered(settings)
    token = vault.unsubscribe_token_of(person)
    row = Delivery.objects.get()
    assert mail["To"] == "ann@example.com"
    assert mail["List-Unsubscribe"] == f"<http://localhost:8000/status/unsubscribe/{token}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].startswith(f"<{row.pk}.")
    assert mail["References"] == f"<{topic.hex}@example.com>"
    assert f"http://localhost:8000/unsubscribe?token={token}" in text_of(mail)
    assert f"http://localhost:8000/unsubscribe?token={token}" in html_of(mail)
    assert f"http://localhost:8000/status/manage/{token}" in html_of(mail)


@override_settings(DEFAULT_FROM_EMAIL="Ops <news@mail.example.org>")
def test_the_sender_is_configured_and_shows_the_page(page: Page, settings):
    page.name = 'Ac"me, <GmbH> ünd Co'
    page.save()
    sender = tell(page, settings, make_message())["From"].addresses[0]
    assert sender.addr_spec == "news@mail.example.org"
    assert sender.display_name == page.name


def test_what_looks_encoded_stays_literal():
    hostile = "=?utf-8?q?Down=0D=0ABcc:_evil@e.test=0D=0A=0D=0Aforged?="
    made = frame.compose(
        sender="a@example.com", sender_name=hostile, subject=hostile, text="", html=""
    )
    mail = email.message_from_bytes(made.head)
    assert "Bcc" not in mail
    assert str(make_header(decode_header(mail["Subject"]))) == hostile
    assert str(make_header(decode_header(mail["From"]))) == f"{hostile} <a@example.com>"


def test_each_recipient_gets_their_own_links(page: Page, settings):
    people = [make_subscriber(page, f"person{n}@example.com") for n in range(3)]
    outbox.enqueue(page=page, message=make_message(), at=now())
    for mail, person in zip(delivered(settings), people, strict=True):
        links = set(re.findall(r"[0-9a-f]{64}", text_of(mail) + html_of(mail)))
        assert links == {vault.unsubscribe_token_of(person)}


def test_the_way_from_signing_up_to_the_welcome(page: Page, settings):
    actions.request_subscription(page=page, email="ann@example.com", component_ids=(), at=now())
    decide_all(at=now())
    (mail,) = delivered(settings)
    assert mail["Subject"] == "Confirm your subscription to Acme status"
    token = re.search(r"http://localhost:8000/status/verify/([0-9a-f]{64})", text_of(mail))
    assert token
    assert token[0] in html_of(mail)
    assert Notification.objects.get().secret is None
    assert actions.verify(token[1], at=now())
    _, welcome = delivered(settings)
    assert welcome["Subject"] == "You're subscribed to status updates"
    assert "http://localhost:8000/status/acme" in text_of(welcome)


def test_a_notice_of_component_changes_lists_them(page: Page, settings, component: Component):
    message = make_message(
        title="Website: Major outage",
        kind=Kind.COMPONENT_CHANGED,
        facts=(make_fact(component, new="major_outage"),),
    )
    mail = tell(page, settings, message)
    assert mail["Subject"] == "Website: Major outage"
    assert "Website: Major outage" in text_of(mail)
    assert "Latest update" not in html_of(mail)


def test_operators_get_no_unsubscribe_link(page: Page, settings, owner: User):
    message = make_message(kind=Kind.OPERATOR_NOTICE, links={"page": "/p", "dashboard": "/d"})
    outbox.enqueue_for_operators(page=page, message=message, at=now())
    (mail,) = delivered(settings)
    assert mail["To"] == owner.email
    assert mail["List-Unsubscribe"] is None
    assert "nsubscribe" not in html_of(mail) + text_of(mail)
    assert "Open the dashboard" in text_of(mail)


PRINTABLE = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=255
)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    subject=PRINTABLE.map(str.strip).filter(bool),
    name=PRINTABLE,
    text=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=400),
)
def test_any_frame_arrives_as_it_was_written(subject: str, name: str, text: str):
    body = f"{text}{frame.UNSUBSCRIBE}{text}{frame.SECRET}"
    made = frame.compose(
        sender="status@example.com", sender_name=name, subject=subject, text=body, html=body
    )
    raw = made.fill("To: ann@example.com\r\n", unsubscribe_token=TOKEN, secret=SECRET)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    mail = email.message_from_bytes(raw, policy=default)
    assert "".join(mail["Subject"].split()) == "".join(subject.split())
    assert mail["From"].addresses[0].addr_spec == "status@example.com"
    assert mail["To"] == "ann@example.com"
    part = mail.get_body(("plain",))
    assert part
    got = part.get_payload(decode=True)
    assert isinstance(got, bytes)
    assert (
        got.replace(b"\r\n", b"\n")
        == body.replace(frame.UNSUBSCRIBE, TOKEN).replace(frame.SECRET, SECRET).encode()
    )
