"""Names that stand in addresses. Pure: no query, no clock, no settings."""

import re
from collections.abc import Container
from uuid import UUID

from django.utils.text import slugify

SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,34})[a-z0-9]")
COMPONENT = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?")

# Words that are routed, or that a visitor would take for the host's own.
RESERVED = frozenset(
    """
    about abuse account accounts admin administrator alert alerts api app apps assets atom
    auth autoconfig autodiscover badge billing blog calendar cdn chat check checks cloud
    components config console contact dashboard dev dns docs domain domains download
    email embed error errors example fav favicon favicon-ico feed feeds files forum ftp git
    graphql grpc health healthz heartbeat help history home host hostmaster http https ical
    icon icons image images imap incident incidents info internal intervals invite ipfs issue
    issues livez local localhost log login logout logs mail maintenance manage manifest media
    message messages metrics monitor monitoring monitors mta-sts mx myaccount news newsletter
    noreply notification notifications oauth oauth2 organization organizations page pages
    password payment payments ping policy pop pop3 postmaster press pricing privacy private
    profile project projects proxy public push redirect register report reports robots root
    rss schedule script sdk search secure security server service services session settings
    setup shop signin signout signup sitemap smtp socket spf ssh ssl stage staging stat static
    stats status status-page status-pages statuspage store subscribe subscriber subscribers
    subscription subscriptions summary support system team terms test testing tls token tokens
    tracking unsubscribe update updates upload uploads uptime usage user users verify version
    view vpn web webdav webhook webhooks webmail webmaster websocket widget wiki wpad ws www
    """.split()  # noqa: SIM905 (words read best as words)
)


def subdomain(text: str, *, own_id: UUID) -> str:
    """A page's name in addresses: 3 to 36 of a-z, 0-9 and inner hyphens.

    Raises ValueError with a sentence. Only its own id may look like an id.
    """
    name = text.strip().lower()
    if name == str(own_id):
        return name
    if not SUBDOMAIN.fullmatch(name) or name.startswith("xn--"):
        raise ValueError("Use 3 to 36 letters a to z, digits and hyphens between them.")
    if name in RESERVED:
        raise ValueError("This name is reserved.")
    if looks_like_id(name):
        raise ValueError("A name cannot have the form of an id.")
    return name


def component_slug(text: str) -> str:
    """A component's name in addresses. Raises ValueError with a sentence."""
    slug = text.strip().lower()
    if not COMPONENT.fullmatch(slug):
        raise ValueError(
            "Use up to 100 letters a to z and digits, with hyphens or underscores between them."
        )
    if looks_like_id(slug):
        raise ValueError("A slug cannot have the form of an id.")
    return slug


def free_slug(name: str, taken: Container[str]) -> str:
    """A slug made of `name` that is not `taken`, numbered where needed."""
    base = slugify(name)[:90].strip("-_") or "component"
    if looks_like_id(base):
        base = f"component-{base}"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def looks_like_id(text: str) -> bool:
    """Whether `text` reads as a UUID in any of its spellings."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
