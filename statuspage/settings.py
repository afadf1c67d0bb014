"""Settings, from the environment. Whatever is missing or wrong is said by name at start."""

import logging
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from statuspage.broker import broker_url
from statuspage.embedded.last_start import recall
from statuspage.keys import load_keys

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _number(name: str, *, default: int) -> int:
    text = env(name, default=str(default))
    if not text.isascii() or not text.isdigit():
        raise ImproperlyConfigured(f"{name}={text!r} is not a number")
    return int(text)


DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
_LAST_START = recall(DATA_DIR)
PORT = _number("PORT", default=int(_LAST_START.get("PORT", "8000")))

# --- Keys: generated once into DATA_DIR where the environment has none.
KEYS = load_keys(DATA_DIR, env)
SECRET_KEY = KEYS.secret_key
ENCRYPTION_KEYS = KEYS.encryption_keys
INDEX_KEY = KEYS.index_key

# --- Addresses. Links are built from STATUS_PAGE_DOMAIN, never from the Host header.
STATUS_PAGE_DOMAIN = env("STATUS_PAGE_DOMAIN", default=f"localhost:{PORT}")
MAIN_HOST = urlsplit(f"//{STATUS_PAGE_DOMAIN}").hostname
if not MAIN_HOST:
    raise ImproperlyConfigured(f"STATUS_PAGE_DOMAIN={STATUS_PAGE_DOMAIN!r} names no host")
_LOCAL = MAIN_HOST in {"localhost", "127.0.0.1", "::1"}
LINK_SCHEME = env("LINK_SCHEME", default="http" if _LOCAL else "https")
MAIN_URL = f"{LINK_SCHEME}://{STATUS_PAGE_DOMAIN}"
ALLOWED_HOSTS = [MAIN_HOST, *(["localhost", "127.0.0.1", "[::1]"] if _LOCAL else [])]
CSRF_TRUSTED_ORIGINS = [MAIN_URL]
CSRF_FAILURE_VIEW = "web.public.errors.form_refused"
DEFAULT_PAGE = env("DEFAULT_PAGE", default="")

# --- Incidents: updates one may have, days until it moves to the archive.
INCIDENT_UPDATE_LIMIT = env.int("INCIDENT_UPDATE_LIMIT", default=100)
INCIDENT_HISTORY_DAYS = env.int("INCIDENT_HISTORY_DAYS", default=365)

# --- Monitoring
HEALTH_BASE_URL = env("HEALTH_BASE_URL", default="").rstrip("/")
MONITOR_ALLOWED_NETWORKS = env.list("MONITOR_ALLOWED_NETWORKS", default=[])
for _network in MONITOR_ALLOWED_NETWORKS:
    try:
        ip_network(_network)
    except ValueError as error:
        raise ImproperlyConfigured(f"MONITOR_ALLOWED_NETWORKS: {error}") from None
# How many processes may run checks at the same time.
CHECK_PROCESSES = env.int("CHECK_PROCESSES", default=1)

# --- Subscribers
SUBSCRIBER_EMAIL_QUEUE_NAME = env("SUBSCRIBER_EMAIL_QUEUE_NAME", default="status-page-emails")
# The address of proxies in front, counted from the right of X-Forwarded-For.
TRUSTED_PROXIES = _number("TRUSTED_PROXIES", default=0)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_structlog",
    "csp",
    "accounts",
    "pages",
    "subscribers",
    "incidents",
    "monitoring",
    "web",
]
MIDDLEWARE = [
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last, so that it is the first to see what a view raises.
    "web.public.errors.ExpectedErrors",
]
ROOT_URLCONF = "statuspage.urls"
WSGI_APPLICATION = "statuspage.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

# --- PostgreSQL
# Without addresses, the engines that script/server started on this DATA_DIR.
DATABASES = {
    "default": env.db(
        "DATABASE_URL",
        default=_LAST_START.get("DATABASE_URL", "postgresql://bellbuoy@localhost/bellbuoy"),
    )
}
# Web processes share a pool of this many connections; others (0) hold one each.
_POOL_SIZE = _number("DATABASE_POOL_SIZE", default=0)
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    # A socket folder is written %2Fpath%2Fto%2Fit, as in libpq's URIs.
    "HOST": unquote(DATABASES["default"]["HOST"]),
    "CONN_HEALTH_CHECKS": True,
    "CONN_MAX_AGE": 0 if _POOL_SIZE else 60,
    "OPTIONS": {
        "connect_timeout": 2,
        # A server that went silent across a network is given up; sockets take no notice.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        "options": "-c statement_timeout=15000 -c lock_timeout=5000",
    },
}
if _POOL_SIZE:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": _POOL_SIZE,
        "timeout": 2,
        "max_idle": 60,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis or Valkey: a hint, never the record. A hanging one costs 0.2 s.
REDIS_URL = env("REDIS_URL", default=_LAST_START.get("REDIS_URL", "redis://localhost:6379/0"))
_REDIS_TIMEOUT_S = 0.2
CACHES = {
    # Counts of sign-in attempts (allauth): each process its own, since counting in a Redis
    # that is away would lock every operator out.
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    "redis": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "TIMEOUT": 3600,
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": _REDIS_TIMEOUT_S,
            "SOCKET_TIMEOUT": _REDIS_TIMEOUT_S,
            "IGNORE_EXCEPTIONS": True,
            # The default of redis-py repeats, which turns 0.2 s into seconds.
            "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 0)},
        },
    },
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/status-pages"
ACCOUNT_ADAPTER = "web.dashboard.sign_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Owners and the command line make accounts, and answer for the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LINK_SCHEME == "https"

# --- What a browser may load: our own files. A nonce is sent only where a template asks for one.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Words, time, files
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Our own files only: packages bring megabytes that no page of ours loads.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Mail: without a server, messages are files under DATA_DIR/mail.
EMAIL_URL = env("EMAIL_URL", default="")
MAIL_DIR = DATA_DIR / "mail"
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="status@example.com")

# --- Headers and limits
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# A form has a field for each of a page's systems.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- Logs: to stderr, for people or (LOG_JSON=1) for machines.
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOG_JSON = env.bool("LOG_JSON", default=False)
LOGGING_CONFIG = "statuspage.logs.configure"
LOGGING = {"level": LOG_LEVEL, "as_json": LOG_JSON}
# Django says by itself which requests were refused or failed.
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = DJANGO_STRUCTLOG_STATUS_5XX_LOG_LEVEL = logging.INFO
