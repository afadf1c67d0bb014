"""An event loop that lets a request be answered before the loop is entered.

Granian hands each request's coroutine to `loop.call_soon_threadsafe`, from a thread of its own.
Here that thread runs the coroutine up to its first suspension, so an answer that needs no waiting
costs no wake-up of the loop. A coroutine that has to wait first awaits `enter_loop()` and goes on
inside a task of the loop. What runs before that must be quick and safe in any thread.

Should Granian hand over something else one day, it is scheduled as usual: slower, still right.
"""

import asyncio
from collections.abc import Callable, Generator
from contextvars import Context
from typing import TypeVarTuple, Unpack

from granian import loops

NAME = "edge"
Args = TypeVarTuple("Args")


class enter_loop:  # noqa: N801
    """`await enter_loop()`: what follows runs in the event loop."""

    def __await__(self) -> Generator[None]:
        yield


class EdgeLoop(asyncio.SelectorEventLoop):
    def call_soon_threadsafe(
        self,
        callback: Callable[[Unpack[Args]], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.Handle:
        if args and asyncio.iscoroutine(args[0]):
            try:
                args[0].send(None)
            except StopIteration:
                return asyncio.Handle(callback, args, self, context)
        return super().call_soon_threadsafe(callback, *args, context=context)


@loops.register(NAME)
def build_loop() -> asyncio.AbstractEventLoop:
    loop = EdgeLoop()
    asyncio.set_event_loop(loop)
    return loop
