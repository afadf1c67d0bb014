"""The loop answers before it is entered, where granian hands it a coroutine."""

import asyncio
import threading

import pytest

from web.edge.loop import EdgeLoop, enter_loop


@pytest.fixture
def loop():
    loop = EdgeLoop()
    yield loop
    loop.close()


def test_what_need_not_wait_runs_in_the_calling_thread(loop: EdgeLoop):
    seen = []

    async def answer() -> None:
        seen.append(threading.current_thread())

    def schedule(coroutine: object) -> None:
        raise AssertionError("handed to the loop")

    loop.call_soon_threadsafe(schedule, answer())
    assert seen == [threading.current_thread()]


def test_what_waits_goes_on_inside_a_task_of_the_loop(loop: EdgeLoop):
    seen = []

    async def answer() -> None:
        seen.append(("before", threading.current_thread()))
        await enter_loop()
        assert asyncio.current_task(loop)
        await asyncio.sleep(0)
        seen.append(("after", threading.current_thread()))
        loop.stop()

    server = threading.Thread(target=lambda: loop.call_soon_threadsafe(loop.create_task, answer()))
    server.start()
    server.join()
    loop.run_forever()
    assert seen == [("before", server), ("after", threading.current_thread())]


def test_everything_else_is_scheduled_as_usual(loop: EdgeLoop):
    seen = []
    loop.call_soon_threadsafe(seen.append, 1)
    assert seen == []
    loop.call_soon_threadsafe(loop.stop)
    loop.run_forever()
    assert seen == [1]
