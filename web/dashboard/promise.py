"""The promise of a next update: a few times to choose from, or one of one's own."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

OTHER = "other"
_AHEAD = {15: "15 minutes", 30: "30 minutes", 60: "1 hour", 120: "2 hours", 240: "4 hours"}


class PromiseChoice(forms.ChoiceField):
    """An instant in UTC, None without a promise, or OTHER: another field says when.

    What is chosen is the time that was read, however long the writing takes.
    """

    def __init__(self, *, at: datetime, zone: ZoneInfo) -> None:
        super().__init__(label="Next update by", required=False)
        self._at, self._zone = at, zone
        offered = [at.replace(second=0, microsecond=0) + timedelta(minutes=m) for m in _AHEAD]
        self._offered = [
            ("", "No promise"),
            *((time.isoformat(), self._label(time)) for time in offered),
            (OTHER, "At another time"),
        ]
        self.choices = self._offered

    def offer(self, chosen: object) -> None:
        """Adds a time that was chosen earlier, so that it can be shown again."""
        try:
            moment = self.to_python(chosen)
        except ValidationError:
            return
        if isinstance(moment, datetime) and not super().valid_value(chosen):
            self.choices = [*self._offered, (moment.isoformat(), self._label(moment))]

    def to_python(self, value: object) -> datetime | str | None:
        if value in self.empty_values or value == OTHER:
            return OTHER if value else None
        try:
            moment = datetime.fromisoformat(str(value))
            if moment.tzinfo:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ValidationError("Choose a time.")

    def valid_value(self, value: object) -> bool:
        """Times that were offered a while ago are as good as those offered now."""
        return isinstance(value, datetime) or value == OTHER

    def validate(self, value: object) -> None:
        if value:
            super().validate(value)

    def _label(self, moment: datetime) -> str:
        minutes = round((moment - self._at) / timedelta(minutes=1))
        local = moment.astimezone(self._zone)
        is_today = local.date() == self._at.astimezone(self._zone).date()
        time = f"{local:%H:%M}" if is_today else f"{local:%a %H:%M}"
        return f"{time}, in {_AHEAD[minutes]}" if minutes in _AHEAD else time
