"""The RSGI application: copies from memory first, then builds, then Django."""

import asyncio
import logging
from collections.abc import Mapping

from web.edge import answer, django_door, notices
from web.edge.answer import Variant
from web.edge.copies import Copies, Copy
from web.edge.django_door import DjangoDoor
from web.edge.environ import is_readable
from web.edge.loop import enter_loop
from web.edge.parent import end_with_parent
from web.edge.paths import document_path, is_api, is_ours, is_public, refusal_of
from web.edge.public import Public, Stale
from web.edge.root import Root
from web.edge.types import HTTPProtocol, ProtocolClosed, Scope
from web.edge.watch import Watch

log = logging.getLogger(__name__)

UNREADABLE = "A header has characters that are not ASCII."
_READING = {"GET", "HEAD"}


class Edge:
    def __init__(
        self,
        *,
        copies: Copies,
        public: Public,
        root: Root,
        watch: Watch,
        django: DjangoDoor,
        assets: Mapping[str, tuple[Variant, ...]],
    ) -> None:
        self._copies = copies
        self._public = public
        self._root = root
        self._watch = watch
        self._django = django
        self._assets = assets

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        end_with_parent()
        self._watch.start()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watch.end()
        self._django.close()

    async def __rsgi__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """Until `enter_loop` this runs in the server's thread: nothing there waits or locks."""
        variants = self._at_hand(scope)
        try:
            if variants is not None:
                answer.send(variants, scope, proto)
                return
            await enter_loop()
            await self._answer(scope, proto)
        except ProtocolClosed:
            return
        except Exception:
            log.exception("request not answered")
            raise

    def _at_hand(self, scope: Scope) -> tuple[Variant, ...] | None:
        if scope.method not in _READING:
            return None
        hot = self._copies.hot
        copy = hot.get(scope.path) or hot.get(self._root.below(scope.path, scope.query_string))
        if copy is None:
            return self._assets.get(scope.path)
        if not is_ours(scope.headers.get("host")):
            return None
        copy.used = self._copies.tick
        return copy.variants

    async def _answer(self, scope: Scope, proto: HTTPProtocol) -> None:
        path = scope.path
        refusal = refusal_of(scope)
        if refusal is not None:
            django_door.send(notices.refused(*refusal, as_json=is_api(path)), scope, proto)
        elif path == "/livez":
            django_door.send(notices.alive(), scope, proto)
        elif (document := self._document(scope)) and is_ours(scope.headers.get("host")):
            await self._answer_document(document, scope, proto)
        else:
            await self._hand_on(scope, proto)

    def _document(self, scope: Scope) -> str | None:
        """The path under which the public document asked for is built and kept."""
        below = self._root.below(scope.path, scope.query_string)
        return document_path(scope.path) or document_path(below)

    async def _answer_document(self, path: str, scope: Scope, proto: HTTPProtocol) -> None:
        if scope.method == "OPTIONS":
            django_door.send(notices.preflight(), scope, proto)
            return
        if scope.method not in _READING:
            await self._hand_on(scope, proto)
            return
        found = await self._public.find(path)
        if isinstance(found, Copy):
            answer.send(found.variants, scope, proto)
        elif isinstance(found, Stale):
            answer.send(found.copy.variants, scope, proto, stale=True)
        else:
            django_door.send(found, scope, proto)

    async def _hand_on(self, scope: Scope, proto: HTTPProtocol) -> None:
        anonymous = is_public(scope.path) or self._document(scope) is not None
        if is_readable(scope, anonymous=anonymous):
            notice = await self._django.answer(scope, proto, anonymous=anonymous)
        else:
            notice = notices.refused(400, UNREADABLE, as_json=is_api(scope.path))
        django_door.send(notice, scope, proto)
