"""How allauth behaves here: nobody signs up, and links come from settings."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from web.limits import source_of

log = logging.getLogger(__name__)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.MAIN_URL + path.replace("UID-KEY", key)

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """The address that was tried stays out of the log."""
        log.warning("[SECURITY] sign-in failed from %s", source_of(request))
