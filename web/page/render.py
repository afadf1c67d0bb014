"""A snapshot as an HTML document."""

from django.conf import settings
from django.template.loader import render_to_string

from incidents.lifecycle import IMPACT_RANK
from web.page import past
from web.page.addresses import (
    calendar_path,
    history_path,
    page_path,
    subscribe_path,
    summary_path,
)
from web.page.board import blocks
from web.page.facts import IncidentFacts, IncidentSnapshot, PageFacts, Snapshot
from web.page.fragments import Section, fragments
from web.page.headline import Headline, headline, lead, stale_since
from web.page.marks import look_of
from web.page.shelf import shelf
from web.page.story import Story, tell
from web.page.when import moment
from web.page.words import full_day, long_day, long_duration


def page_html(snapshot: Snapshot) -> str:
    page, pieces = snapshot.page, fragments(snapshot.page.id, _sections(snapshot))
    opening = _opening(snapshot)
    verified = snapshot.verification.at
    panel, state, told, incidents, maintenances, *board, history = pieces
    return render_to_string(
        "public/page.html",
        {
            **frame(page),
            "url": page.url,
            "title": opening.text,
            "look": look_of(opening.state),
            "panel": panel,
            "state": state,
            "lead": told,
            "verified": moment(verified, page.zone) if verified else None,
            "verified_clock": f"{verified.astimezone(page.zone):%H:%M:%S}" if verified else "",
            "incidents": incidents,
            "maintenances": maintenances,
            "board": board,
            "past": history,
            "weights": snapshot.days.weights,
            "main_url": settings.MAIN_URL,
            "subdomain": page.subdomain,
            "first_day": snapshot.days.dates[0],
            "first_words": long_day(snapshot.days.dates[0]),
            "later_words": long_day(snapshot.days.dates[45]),
            "seen": (verified or snapshot.read_at).isoformat(timespec="seconds"),
            "stale_after": snapshot.verification.stale_after,
        },
    )


def incident_html(snapshot: IncidentSnapshot) -> str:
    page, incident = snapshot.page, snapshot.incident
    ended = incident.resolved_at
    return render_to_string(
        "public/incident.html",
        {
            **frame(page),
            "story": tell(incident, page, snapshot.read_at),
            "version": page.version,
            "url": incident.url,
            "shelf": shelf(incident, page),
            "ended_day": full_day(ended.astimezone(page.zone)) if ended else "",
            "lasted": (
                long_duration((ended - incident.started_at).total_seconds()) if ended else ""
            ),
        },
    )


def frame(page: PageFacts) -> dict[str, object]:
    """What every document of a page shows around its content."""
    return {
        "page_name": page.name,
        "page_path": page_path(page.subdomain),
        "history_path": history_path(page.subdomain),
        "calendar_path": calendar_path(page.subdomain),
        "summary_path": summary_path(page.subdomain),
        "zone": page.zone.key,
    }


def _opening(snapshot: Snapshot) -> Headline:
    since = stale_since(snapshot.verification, snapshot.read_at)
    if since:
        clock = f"{since.astimezone(snapshot.page.zone):%H:%M}"
        return Headline(None, f"Not verified since {clock}")
    return headline(snapshot.components, snapshot.current)


def _lead(snapshot: Snapshot) -> str:
    if stale_since(snapshot.verification, snapshot.read_at):
        last = headline(snapshot.components, snapshot.current)
        return f"The last state we saw: {last.text}."
    return lead(snapshot.components, snapshot.current)


def _sections(snapshot: Snapshot) -> list[Section]:
    page, opening = snapshot.page, _opening(snapshot)
    at = snapshot.read_at
    stories = [tell(incident, page, at) for incident in _worst_first(snapshot)]
    running = [tell(story, page, at) for story in snapshot.running]
    upcoming = [tell(story, page, at) for story in snapshot.upcoming]
    return [
        Section(
            "panel",
            "public/sections/subscribe.html",
            {
                "subscribe_path": subscribe_path(page.subdomain),
                "components": [(item.id, item.name) for item in snapshot.components],
            },
        ),
        Section(
            "state",
            "public/sections/state.html",
            {"look": look_of(opening.state), "text": opening.text},
        ),
        Section("lead", "public/sections/lead.html", {"text": _lead(snapshot)}),
        Section("incidents", "public/sections/incidents.html", {"stories": stories}),
        Section(
            "maintenances",
            "public/sections/maintenances.html",
            {"stories": running + upcoming, "under_way": bool(running)},
        ),
        *(
            Section(f"b{index}", "public/sections/block.html", {"block": block, "index": index})
            for index, block in enumerate(blocks(snapshot))
        ),
        Section("past", "public/sections/past.html", {"entries": _past(snapshot)}),
    ]


def _worst_first(snapshot: Snapshot) -> list[IncidentFacts]:
    """Open incidents, which come newest first, by their impact."""
    return sorted(snapshot.open_incidents, key=lambda item: -IMPACT_RANK[item.impact])


def _past(snapshot: Snapshot) -> list[tuple[str, Story | None]]:
    """(day or span, the story of what was then or None for quiet days)."""
    page, at = snapshot.page, snapshot.read_at
    return [
        (entry.when, tell(entry.story, page, at) if entry.story else None)
        for entry in past.entries(snapshot.incidents + snapshot.maintenances, at, page.zone)
    ]
