"""Asking for a new password."""

from django import forms
from django.http import HttpRequest
from django.utils.timezone import now

from accounts import resets

# As long as an account's address may be.
EMAIL_LIMIT = 254


class ResetForm(forms.Form):
    """In allauth's place, whose own form mails within the request and only to accounts."""

    email = forms.EmailField(max_length=EMAIL_LIMIT)

    def save(self, request: HttpRequest) -> None:
        resets.ask(email=self.cleaned_data["email"], at=now())
