"""Opening an incident and posting an update through the API, as its clients do: what it costs
with 10,000 subscribers on the page against 100.

One web process, one request at a time; the pages take turns. The time is the client's, on
loopback. The ratio is the p95 with few subscribers by the p95 with many: above 1/1.5, the
number of subscribers does not matter to an operator. With a p95 of 100 ms or more it is 0.
"""

import json
import os
import statistics
import time
from http.client import HTTPConnection

from django.utils.timezone import now

from accounts import actions as accounts
from accounts.actor import SYSTEM
from accounts.ids import new_id
from accounts.models import Project, User
from bench.serving import edge
from bench.timing import Outcome
from pages.actions import create_component, create_page, publish_page
from pages.models import Page
from subscribers import crypto, tokens, vault
from subscribers.models import Subscriber

MANY, FEW = 10_000, 100
SERVICES = 5
TURNS = int(os.environ.get("TURNS", "60"))
WARM_UP = 5
P95_MS = 100.0
GATE = 1 / 1.5


def run() -> Outcome:
    token, project = _operator()
    pages = {count: _page(project, count) for count in (FEW, MANY)}
    times: dict[int, list[float]] = {FEW: [], MANY: []}
    with edge() as port:
        for turn in range(TURNS + WARM_UP):
            for count, services in pages.items():
                spent = _story(port, token, services, turn)
                times[count] += spent if turn >= WARM_UP else []
    few, many = _p95(times[FEW]), _p95(times[MANY])
    lines = [f"{'subscribers':>12}{'median ms':>12}{'p95 ms':>10}{'max ms':>10}"]
    for count, spent in times.items():
        median, worst = statistics.median(spent) * 1000, max(spent) * 1000
        lines.append(f"{count:>12,}{median:>12.1f}{_p95(spent):>10.1f}{worst:>10.1f}")
    if many >= P95_MS:
        lines.append(f"above {P95_MS:.0f} ms")
    ratio = few / many if many < P95_MS else 0.0
    return Outcome("post", "the time with 100 subscribers", ratio, GATE, lines)


def _story(port: int, token: str, services: list[str], turn: int) -> list[float]:
    """Seconds of opening an incident, of an update and of its resolution."""
    title = {"title": f"Trouble {turn}", "severity": "MAJOR", "serviceIds": services}
    opened, incident = _post(
        port, token, "/api/admin/incidents", title | {"initialMessage": "We look into it."}
    )
    address = f"/api/admin/incidents/{incident}/updates"
    said = [{"message": "Found.", "status": "IDENTIFIED"}, {"message": "", "status": "RESOLVED"}]
    return [opened, *(_post(port, token, address, body)[0] for body in said)]


def _post(port: int, token: str, path: str, body: dict[str, object]) -> tuple[float, str]:
    client = HTTPConnection("localhost", port, timeout=10)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    begun = time.perf_counter()
    client.request("POST", path, json.dumps(body), headers)
    response = client.getresponse()
    answer = json.loads(response.read())
    spent = time.perf_counter() - begun
    client.close()
    assert response.status == 201, answer
    return spent, answer["id"]


def _p95(seconds: list[float]) -> float:
    """In milliseconds."""
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def _operator() -> tuple[str, Project]:
    owner = User.objects.create_user(email="owner@example.com", password=None)
    organization = accounts.create_organization(name="Bench", owner=owner, at=now())
    token = accounts.issue_token(user=owner, name="bench", actor=SYSTEM, at=now())
    return token, Project.objects.get(organization=organization)


def _page(project: Project, subscribers: int) -> list[str]:
    """A published page with so many subscribers; the ids of its components."""
    page = create_page(project=project, name=f"Page {subscribers}", actor=SYSTEM, at=now())
    publish_page(page=page, actor=SYSTEM, at=now())
    Subscriber.objects.bulk_create(_subscriber(page, number) for number in range(subscribers))
    return [
        str(create_component(page=page, name=f"Service {number}", actor=SYSTEM, at=now()).pk)
        for number in range(SERVICES)
    ]


def _subscriber(page: Page, number: int) -> Subscriber:
    row, token = new_id(), tokens.new()
    address = f"person{number}@example.com"
    return Subscriber(
        id=row,
        page=page,
        address=vault.ADDRESS.seal(address, row=row),
        address_index=crypto.blind_index(address),
        unsubscribe_token=vault.UNSUBSCRIBE_TOKEN.seal(token, row=row),
        unsubscribe_hash=tokens.digest(token),
        verified_at=now(),
    )
