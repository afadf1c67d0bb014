"""One log, on stderr, JSON or for people; secrets are taken out where lines leave the process."""

import logging.config
import re
from typing import TypedDict

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Every repetition has a bound: a request that is one long word must not cost its square.
_ADDRESS = re.compile(r"[^\s@<>\"'=,;:%]{1,64}(?:@|%40)[^\s@<>\"',;:]{1,255}\.[A-Za-z]{2,24}")
# The links of mails carry a token in their path or query, also inside another query.
_TOKEN_PATH = re.compile(
    r"(?i)((?:/|%2f)(?:verify|unsubscribe|manage|drafts|alerts|heartbeat|key)(?:/|%2f)"
    r"|[?&](?:token|unsubscribe)=)[^\s/?&\"']{1,512}"
)
_TOKEN = re.compile(r"\b[0-9a-f]{64}\b|\bbb_[\w-]{20,64}")
_BEARER = re.compile(r"(?i)((?:bearer|oauth)\s{1,4})\S{1,512}")
_URL_PASSWORD = re.compile(r"(://[^\s/:@]{0,128}:)[^\s/@]{1,256}@")
_PLAIN = (bool, int, float, type(None))
_LONGEST = 16_000
_UNSENT_EVERY_S = 60
_SECRET_NAMES = re.compile(r"(?i)(password|token|secret|cookie|authorization|address|email)")


def redact(text: str) -> str:
    """`text` without mail addresses, tokens in links, bearer tokens and passwords in URLs."""
    text = _URL_PASSWORD.sub(r"\1***@", text)
    text = _TOKEN_PATH.sub(r"\1***", text)
    text = _TOKEN.sub("***", text)
    text = _BEARER.sub(r"\1***", text)
    return _ADDRESS.sub("***@***", text)


def redact_event(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A structlog processor: values under secret names go, all other text is redacted."""
    for name, value in event.items():
        if _SECRET_NAMES.search(name):
            event[name] = "***"
        elif not isinstance(value, _PLAIN):
            event[name] = redact(_shortened(str(value)))
    return event


def _shortened(text: str) -> str:
    """The beginning and the end: of a traceback both matter, of a flood neither."""
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]} [{len(text) - 2 * half} characters left out] {text[-half:]}"


class UnsentWakeUps(logging.Filter):
    """Beat tells each wake-up that it cannot send, several a second while Redis is away: one line
    a minute says the same.
    """

    _due = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith("Message Error") or not isinstance(record.args, tuple):
            return True
        if record.created < self._due:
            return False
        self._due = record.created + _UNSENT_EVERY_S
        record.msg, record.args = "wake-ups cannot be sent: %s", record.args[:1]
        record.exc_info = None
        return True


class LoggingOptions(TypedDict):
    """Django's LOGGING setting, in our words."""

    level: str
    as_json: bool


def configure(options: LoggingOptions) -> None:
    """Structlog and the standard library's loggers take the same way out."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
    ]
    last: Processor = (
        structlog.processors.JSONRenderer()
        if options["as_json"]
        else structlog.dev.ConsoleRenderer(colors=False, sort_keys=True)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "plain": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        redact_event,
                        last,
                    ],
                }
            },
            "filters": {"unsent wake-ups": {"()": UnsentWakeUps}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
            "loggers": {
                # Django puts handlers of its own here, which would say things twice.
                "django": {"handlers": [], "propagate": True, "level": "INFO"},
                "django.server": {"handlers": [], "propagate": True, "level": "INFO"},
                # Three lines for each of several ticks a second say nothing.
                "celery.app.trace": {"level": "WARNING"},
                "celery.beat": {"level": "WARNING", "filters": ["unsent wake-ups"]},
                "celery.worker.request": {"level": "WARNING"},
                "celery.worker.strategy": {"level": "WARNING"},
                # Who asked for what is nobody's business unless it was refused or failed.
                "django_structlog.middlewares": {"level": "WARNING"},
            },
            "root": {"handlers": ["stderr"], "level": options["level"]},
        }
    )
