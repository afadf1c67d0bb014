"""The embedded engines that this start needs: none where an address is set."""

from collections.abc import Callable

from statuspage.embedded import Postgres, Valkey
from statuspage.embedded.last_start import remember
from statuspage.embedded.process import EngineError
from statuspage.serve.options import Options

Engine = Postgres | Valkey


class Engines:
    def __init__(self, options: Options, *, say: Callable[[str], None]) -> None:
        self.data_dir = options.data_dir
        self.port = options.port
        self.say = say
        self.by_variable: dict[str, Engine] = {}
        if options.embedded_postgres:
            self.by_variable["DATABASE_URL"] = Postgres(options.data_dir)
        if options.embedded_valkey:
            self.by_variable["REDIS_URL"] = Valkey(options.data_dir)

    def start(self) -> dict[str, str]:
        """Returns the addresses as the environment's variables, kept for `manage.py` too."""
        addresses = {name: engine.start() for name, engine in self.by_variable.items()}
        remember(self.data_dir, addresses | {"PORT": str(self.port)})
        return addresses

    def look_after(self) -> None:
        """Starts again what died; what cannot start now is tried again in the next round."""
        for engine in self.by_variable.values():
            if engine.running:
                continue
            self.say(f"{type(engine).__name__} ended, starting again; see {engine.log}")
            try:
                engine.start()
            except EngineError as error:
                self.say(str(error))

    def stop(self) -> None:
        for engine in reversed(self.by_variable.values()):
            engine.stop()
