"""How allauth behaves here: nobody can lock others out, and no address is logged."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from web.limits import source_of

log = logging.getLogger(__name__)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """The address that was tried stays out of the log."""
        log.warning("[SECURITY] sign-in failed from %s", source_of(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: object) -> str:
        """Failures are counted for an account and a source: a guesser slows only himself down."""
        account = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}:{source_of(request)}"
