"""Settings (配置). Every value comes from the environment, read once here, and fails loudly.

Order: the process environment, then DATA_DIR/settings.env (KEY=VALUE), then the default.
The README's table explains each name.
"""

import datetime as dt
import os
import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from . import broker

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").expanduser().resolve()
try:
    DATA_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(
        f"DATA_DIR={DATA_DIR} 无法建立或写入（{error.strerror}），请换一个目录。"
    ) from error

env = environ.Env()
if (DATA_DIR / "settings.env").exists():
    env.read_env(DATA_DIR / "settings.env")


def _flag(name: str) -> bool:
    """A switch: 1 or 0. Anything else is refused, so that a misspelt switch never counts as off."""
    value = env.str(name, default="0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name}={value} 无法识别，应写 1（开）或 0（关）。")


def _number(name: str, default: int) -> int:
    value = env.str(name, default=str(default))
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name}={value} 无法识别，应写整数。")
    return int(value)


def _names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env.str(name, default=default).split(",") if part.strip()]


def _secret_key() -> str:
    """The given key, or one made once and kept in DATA_DIR/secret_key for its owner only."""
    if "SECRET_KEY" in os.environ:
        if not os.environ["SECRET_KEY"].strip():
            raise ImproperlyConfigured("SECRET_KEY 为空：请填写，或删去这一项，由系统生成。")
        return os.environ["SECRET_KEY"]
    path = DATA_DIR / "secret_key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        key = path.read_text().strip()
        if not key:
            raise ImproperlyConfigured(f"{path} 是空的：请删除该文件，系统会重新生成。") from None
        return key
    key = secrets.token_urlsafe(64)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


def _database() -> dict:
    """DATABASE_URL as Django's dictionary: SQLite or PostgreSQL, each with the options measured best."""
    given = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
    wrong = ImproperlyConfigured(
        "DATABASE_URL 无法识别，应写成 sqlite:////目录/db.sqlite3 或 postgres://用户:密码@主机:5432/库名。"
    )
    try:
        database = environ.Env.db_url_config(given)
    except Exception as error:
        raise wrong from error
    engine = database.get("ENGINE", "")
    if engine.endswith("sqlite3") and database["NAME"]:
        if database["NAME"] != ":memory:":
            database["NAME"] = str(BASE_DIR / database["NAME"])
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    elif engine.endswith("postgresql") and database["NAME"]:
        # compiling a statement (JIT) took 0.5 to 2 s of pages whose statements run for 0.1 s
        given = {"options": "-c jit=off", **database.get("OPTIONS", {})}
        database["OPTIONS"] = {**given, "pool": {"min_size": 1, "max_size": 8}}
    else:
        raise wrong
    return database


def _today() -> dt.date | None:
    """TODAY: the day at which the one clock is held (projects.clock), or None."""
    given = env.str("TODAY", default="").strip()
    if not given:
        return None
    try:
        if len(given) != 10:
            raise ValueError(given)
        return dt.date.fromisoformat(given)
    except ValueError:
        raise ImproperlyConfigured(f"TODAY={given} 不是日期，应写成 2023-10-12 的样子。") from None


def _email() -> dict:
    """EMAIL_URL as Django's settings; by default letters become files under DATA_DIR/mail."""
    given = env.str("EMAIL_URL", default="") or f"filemail:///{DATA_DIR / 'mail'}"
    try:
        email = environ.Env.email_url_config(given)
    except Exception as error:
        raise ImproperlyConfigured(
            "EMAIL_URL 无法识别，应写成 smtp+tls://用户:密码@主机:587、smtp+ssl://用户:密码@主机:465、"
            "consolemail:// 或 filemail:////目录。"
        ) from error
    if email["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend":
        email["EMAIL_BACKEND"] = "zibo_projects.mailbox.OneFileEachBackend"
    return email


# --- what the office sets -------------------------------------------------------------------------------

DEBUG = _flag("DEBUG")
HTTPS = _flag("HTTPS")
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = _names("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = _names("CSRF_TRUSTED_ORIGINS")
for _origin in CSRF_TRUSTED_ORIGINS:
    if not _origin.startswith(("http:", "https:")):
        raise ImproperlyConfigured(f"CSRF_TRUSTED_ORIGINS 中的 {_origin} 应以 https: 或 http: 开头。")
PORT = _number("PORT", 8000)
TODAY = _today()
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")  # links in letters

DATABASES = {"default": _database()}

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or broker.url(DATA_DIR)
BROKER_IS_EMBEDDED = broker.url(DATA_DIR) == CELERY_BROKER_URL

EMAIL_FILE_PATH: str  # where letters become files
for _name, _value in _email().items():
    if _name.startswith("EMAIL_"):
        globals()[_name] = _value
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="重大项目推进 <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- the application ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "projects",
    "zibo_projects.admin_site.HouseAdminConfig",  # django.contrib.admin on our site class
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # so that templates/ may override the widgets' templates
    "django_htmx",
    "django_tables2",
    "django_filters",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "projects.pages.desk.safeguards.rolling_sessions",
    "projects.pages.desk.safeguards.whole_bodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "projects.pages.desk.safeguards.no_dead_ends",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "zibo_projects.urls"
WSGI_APPLICATION = "zibo_projects.wsgi.application"

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
                "projects.pages.base.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- who may come in ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "projects.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "zibo_projects.hashers.LeanArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

# Sessions in the database: a sign-out must hold in every process, which a per-process cache cannot promise.
SESSION_ENGINE = "zibo_projects.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60  # after the last work: projects.pages.desk.safeguards
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # nobody can lock a colleague out from elsewhere
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # its pages know no Chinese; a lock ends by itself, or by `manage.py axes_reset`

# --- what a browser may do ------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Tabler draws its form icons from data: pictures
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

# HTTPS=1 behind a proxy with a certificate. Without it cookies travel in clear: loopback or a closed network only.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = _number("HSTS_SECONDS", 365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# --- files ----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [p for p in (BASE_DIR / "static", BASE_DIR / "build" / "static") if p.is_dir()]
STATIC_ROOT = BASE_DIR / "build" / "collected"
# Uploads have no address: only the attachment view hands a file out, after asking who asks.
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "attachments-have-no-address/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

MAX_UPLOAD_BYTES = 20 * 1024 * 1024  # one file; the proxy's own limit should be a little above
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a project's admin page carries many inlines
DATA_UPLOAD_MAX_NUMBER_FILES = 20

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO").upper()},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},  # a line for each message received …
        "celery.app.trace": {"level": "WARNING"},  # … and one for each done
        "celery.beat": {"level": "WARNING"},
    },
}
