"""Django's settings.

What the law fixes is not here: thresholds, weights and clocks live in the rule packs. What a
server may choose is read from ``ZHIHENG_*`` variables, each read once, below.
"""

import logging
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.path("ZHIHENG_VAR", BASE_DIR / "var")
TESTING = "pytest" in sys.modules

# ------------------------------------------------------------------ this server

DEBUG = env.flag("ZHIHENG_DEBUG")
SECRET_KEY = env.secret("ZHIHENG_SECRET_KEY", VAR_DIR / "secret.key")
ALLOWED_HOSTS = env.words("ZHIHENG_ALLOWED_HOSTS", "127.0.0.1,localhost")
HTTPS = env.flag("ZHIHENG_HTTPS")
# Where people reach this server. Addresses in mails are built from it, never from what a request says.
ZHIHENG_SITE_URL = env.site("ZHIHENG_SITE_URL", ALLOWED_HOSTS, https=HTTPS)
# How many proxies of our own stand before this server: only what they write into X-Forwarded-For is believed.
ZHIHENG_PROXIES = env.number("ZHIHENG_PROXIES", 0)
CSRF_TRUSTED_ORIGINS = env.words("ZHIHENG_TRUSTED_ORIGINS")

# ------------------------------------------------------------------ the award

RULEPACKS_DIR = env.path("ZHIHENG_RULEPACKS", BASE_DIR / "rulepacks")
JOURNAL_HASH = env.choice("ZHIHENG_JOURNAL_HASH", "sha256", ("sha256", "sm3"))
# A demo may set its own date, and every page then says so.
ZHIHENG_DEMO = env.flag("ZHIHENG_DEMO")

# ------------------------------------------------------------------ applications

_FOUNDATION = ("people", "parties", "packs", "cycles", "journal", "files", "publicity", "notifications")
_STAGES = (
    "call",
    "application",
    "recommendation",
    "qualification",
    "panel",
    "review",
    "shortlist",
    "survey",
    "sitevisit",
    "nomination",
    "committee",
    "commendation",
    "supervision",
)

_FACES = ("public", "accounts", "desk", "office", "expert", "committee", "inspector", "draws", "administration", "demo")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    *(f"zhiheng.foundation.{name}" for name in _FOUNDATION),
    *(f"zhiheng.stages.{name}" for name in _STAGES),
    "zhiheng.process",
    *(f"zhiheng.faces.{name}" for name in _FACES),
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "django_cotton",
    "django.forms",  # for FORM_RENDERER: the widgets' own templates
]

MIDDLEWARE = [
    "zhiheng.faces.shared.middleware.DatabaseAway",
    "zhiheng.faces.shared.middleware.LegibleAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhiheng.faces.shared.display.Displayed",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "zhiheng.faces.shared.middleware.DemoTime",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "src/zhiheng/faces/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhiheng.faces.shared.context.site",
                "zhiheng.faces.desk.context.bell",
            ],
            "libraries": {"official": "zhiheng.faces.shared.official", "house": "zhiheng.faces.shared.house"},
            "builtins": ["django_cotton.templatetags.cotton"],
        },
    },
]

FORM_RENDERER = "zhiheng.faces.shared.forms.HouseRenderer"
# A component sees its attributes and what every page has, never its caller's variables.
COTTON_ISOLATE_BY_DEFAULT = True

# ------------------------------------------------------------------ data

DATABASES = {"default": env.database("ZHIHENG_DATABASE_URL", VAR_DIR / "zhiheng.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_REDIS = env.text("ZHIHENG_REDIS_URL")
_LOCAL: dict[str, Any] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "zhiheng"}
# The default is shared by all server processes, since limits on trying passwords are counted in it. What is only
# remembered to be faster goes into `local`.
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _REDIS, "KEY_PREFIX": "zhiheng"}
        if _REDIS
        else _LOCAL
        if TESTING
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    ),
    "local": _LOCAL,
}

# ------------------------------------------------------------------ people

AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests only: a real hash is slow on purpose
    if TESTING
    else ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "zhiheng.faces.accounts.strength.Unlike"},
    {"NAME": "zhiheng.faces.accounts.strength.Long", "OPTIONS": {"min_length": 10}},
    {"NAME": "zhiheng.faces.accounts.strength.Uncommon"},
    {"NAME": "zhiheng.faces.accounts.strength.NotNumeric"},
]

# ------------------------------------------------------------------ signing in

AUTHENTICATION_BACKENDS = ["zhiheng.faces.accounts.backend.Door"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 60 * 60
# How many proxies of ours stand before the server. What an untrusted client writes into X-Forwarded-For counts for nothing.
ALLAUTH_TRUSTED_PROXY_COUNT = ZHIHENG_PROXIES

ACCOUNT_ADAPTER = "zhiheng.faces.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_SESSION_REMEMBER = False  # signed in until the browser is closed, at most for a working day
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_USER_DISPLAY = "zhiheng.faces.accounts.adapters.name_of"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,10/15m/key", "reset_password": "20/m/ip,3/10m/key"}
ACCOUNT_FORMS = {
    "login": "zhiheng.faces.accounts.forms.Login",
    "change_password": "zhiheng.faces.accounts.forms.ChangePassword",
    "reset_password": "zhiheng.faces.accounts.forms.ResetPassword",
    "reset_password_from_key": "zhiheng.faces.accounts.forms.NewPassword",
    "reauthenticate": "zhiheng.faces.accounts.forms.Confirm",
    "add_email": "zhiheng.faces.accounts.forms.ChangeEmail",
}
MFA_ADAPTER = "zhiheng.faces.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # such an e-mail opens nothing here; else nobody with a second factor could change theirs
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # localhost only: browsers know no passkeys on other plain addresses
MFA_FORMS = {
    "authenticate": "zhiheng.faces.accounts.forms.Code",
    "reauthenticate": "zhiheng.faces.accounts.forms.ConfirmCode",
    "activate_totp": "zhiheng.faces.accounts.forms.ActivateCode",
    "authenticate_webauthn": "zhiheng.faces.accounts.key_forms.FactorKey",
    "reauthenticate_webauthn": "zhiheng.faces.accounts.key_forms.ConfirmKey",
    "login_webauthn": "zhiheng.faces.accounts.key_forms.LoginKey",
    "add_webauthn": "zhiheng.faces.accounts.key_forms.AddKey",
    "edit_webauthn": "zhiheng.faces.accounts.key_forms.EditKey",
}

# Five wrong passwords for one user name from one address: a quarter of an hour of rest, whoever asks, known or not.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "zhiheng.faces.accounts.lockout.login_of"
AXES_CLIENT_IP_CALLABLE = "zhiheng.faces.accounts.lockout.address_of"
AXES_LOCKOUT_CALLABLE = "zhiheng.faces.accounts.lockout.locked"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Sign-in through the government's own identity provider: only with an address and an identity for it.
ZHIHENG_OIDC = env.provider("ZHIHENG_OIDC")
SOCIALACCOUNT_ADAPTER = "zhiheng.faces.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [ZHIHENG_OIDC.app] if ZHIHENG_OIDC else []}
}

# ------------------------------------------------------------------ mail

# Without an address each mail becomes a file: nothing leaves a server that nobody has set up.
_MAIL = env.mail("ZHIHENG_EMAIL_URL", VAR_DIR / "mail")
EMAIL_BACKEND = _MAIL.backend
EMAIL_FILE_PATH = _MAIL.folder
EMAIL_HOST = _MAIL.host
EMAIL_PORT = _MAIL.port
EMAIL_HOST_USER = _MAIL.user
EMAIL_HOST_PASSWORD = _MAIL.password
EMAIL_USE_TLS = _MAIL.starttls
EMAIL_USE_SSL = _MAIL.tls
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("ZHIHENG_EMAIL_FROM", "zhiheng@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ------------------------------------------------------------------ what happens outside the request

# The queue lies in the same database, so that work is queued in the act's own transaction.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Import paths of classes with `send(address, text, title)` (foundation/notifications/ports.py); without one, files in the folder.
OUTBOX_DIR = VAR_DIR / "outbox"
GATEWAYS = {"sms": env.text("ZHIHENG_SMS_GATEWAY"), "wecom": env.text("ZHIHENG_WECOM_GATEWAY")}
DIGEST_HOUR = env.number("ZHIHENG_DIGEST_HOUR", 8)

# ------------------------------------------------------------------ language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "src/zhiheng/locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# ------------------------------------------------------------------ files

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [folder for folder in (BASE_DIR / "static", BASE_DIR / "src/zhiheng/faces/static") if folder.is_dir()]
# Uploaded files are private: outside the web root, never served by address, each look an act.
MEDIA_ROOT = env.path("ZHIHENG_MEDIA", VAR_DIR / "files")
MEDIA_URL = ""
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

_PLAIN_STATIC = DEBUG or TESTING
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if _PLAIN_STATIC
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = _PLAIN_STATIC
WHITENOISE_AUTOREFRESH = DEBUG
# Source maps are for developers' tools only; compressing them would double the first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "gif", "webp", "avif", "zip", "gz", "br", "woff", "woff2", "map")

# ------------------------------------------------------------------ headers and cookies

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # Tabler's stylesheet draws ticks and arrows from data: images. No script comes that way.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        # Browsers hold a redirect after a form to this too: the one to the identity provider.
        "form-action": [SELF, *([ZHIHENG_OIDC.origin] if ZHIHENG_OIDC else [])],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_ENGINE = "zhiheng.faces.accounts.store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60  # a working day
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# ------------------------------------------------------------------ logs

LOG_LEVEL = env.choice("ZHIHENG_LOG_LEVEL", "CRITICAL" if TESTING else "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
_QUIET = max(LOG_LEVEL, "WARNING", key=logging.getLevelNamesMapping().__getitem__)  # for what would write a line a second
_JSON_LOGS = env.choice("ZHIHENG_LOG_FORMAT", "text", ("text", "json")) == "json"
_SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": (
                structlog.processors.JSONRenderer(ensure_ascii=False)
                if _JSON_LOGS
                else structlog.dev.ConsoleRenderer(
                    colors=sys.stderr.isatty(),
                    pad_event_to=0,
                    # Never the rich ones: they print local variables, and those hold personal data.
                    exception_formatter=structlog.dev.plain_traceback,
                )
            ),
            "foreign_pre_chain": _SHARED_PROCESSORS,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django_tasks": {"handlers": [], "level": _QUIET, "propagate": True},
        "django_tasks_db": {"handlers": [], "level": _QUIET, "propagate": True},
    },
}
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=not TESTING,
)

# ------------------------------------------------------------------ what cannot be right together

if HTTPS and DEBUG:
    raise ImproperlyConfigured("ZHIHENG_DEBUG=1 with ZHIHENG_HTTPS=1: a public server never runs in debug mode")
