"""What there is of a postmortem, as one word. Pure."""

from enum import StrEnum

from incidents.models import Incident, Postmortem


class PostmortemState(StrEnum):
    """Each with the mark that stands beside its words."""

    MISSING = "nodata"
    IGNORED = "cancelled"
    DRAFT = "draft"
    PUBLIC = "operational"
    CHANGED = "monitoring"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_missing(self) -> bool:
        return self is PostmortemState.MISSING

    @property
    def is_written(self) -> bool:
        return self not in {PostmortemState.MISSING, PostmortemState.IGNORED}


_LABELS = {
    PostmortemState.MISSING: "Not written",
    PostmortemState.IGNORED: "None needed",
    PostmortemState.DRAFT: "Draft",
    PostmortemState.PUBLIC: "Public",
    PostmortemState.CHANGED: "Public, with changes that are not",
}


def state_of(incident: Incident) -> PostmortemState:
    """`incident` should have its postmortem selected along."""
    return state_of_text(getattr(incident, "postmortem", None))


def state_of_text(written: Postmortem | None) -> PostmortemState:
    if written is None:
        return PostmortemState.MISSING
    if written.published_at:
        is_same = written.body == written.body_draft
        return PostmortemState.PUBLIC if is_same else PostmortemState.CHANGED
    if written.ignored:
        return PostmortemState.IGNORED
    return PostmortemState.DRAFT if written.body_draft.strip() else PostmortemState.MISSING
