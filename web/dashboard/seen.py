"""What the author of a form had before them, so that nobody writes over somebody else's words."""

from datetime import UTC, datetime

from web.dashboard.door import OperatorRequest

NEVER = datetime.min.replace(tzinfo=UTC)


def seen_in(request: OperatorRequest) -> datetime:
    """The version the form was made from; a form that does not say counts as stale."""
    try:
        return datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return NEVER


def version_for(request: OperatorRequest, current: datetime, *, stale: bool) -> str:
    """What the form says next: it stays as stale as it was until both texts have been shown."""
    return ("" if stale else request.POST.get("seen", "")) or current.isoformat()
