"""All settings; what differs between machines comes from the environment."""

from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP

from config import databases, env

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY")
ALLOWED_HOSTS = env.text("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in env.text("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
# Off only where nothing terminates TLS, as on a developer's own machine.
HTTPS = env.flag("HTTPS", default=True)

INSTALLED_APPS = [
    "apps.accounts.apps.EditorsSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "reversion",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "apps.common",
    "apps.accounts",
    "apps.editing",
    "apps.catalog",
    "apps.prices",
    "apps.scores",
    "apps.rules",
    "apps.scenarios",
    "apps.engine",
    "apps.wizard",
    "apps.calculator",
]

MIDDLEWARE = [
    "apps.common.requests.known_requests",
    # What sets a header stands before whatever can answer, so that every answer carries it.
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "apps.common.limits.few_parameters",
    "apps.common.limits.few_sending",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are mostly tables and drawings: they shrink to a seventh. Static files are compressed.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the token of a form is looked for: a page that takes no form needs none.
    "apps.common.methods.MethodsMiddleware",
    "apps.engine.conditional.ConditionalMiddleware",
    # Before the token is looked for in what was sent: nothing reads more than a form may hold.
    "apps.common.bodies.BodiesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "apps.accounts.sessions.limited_sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Drafts are shown to those who are signed in.
    "apps.engine.replay.ReplayMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "apps.engine.context.site",
            ],
        },
    },
]

DATABASES = {
    "default": databases.database(
        env.text("DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'openweigh.sqlite3'}"),
        pool=round(env.number("DATABASE_POOL", default=8, low=0, high=1_000)),
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

CSRF_FAILURE_VIEW = "apps.editing.interrupted.csrf_failure"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # A browser takes such a cookie from no other host and over https alone.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

# Where editors sign in; whoever does not know the path cannot try.
ADMIN_PATH = env.path("ADMIN_PATH", default="admin/")
# Off only where nobody but the editor reaches the site.
SECOND_FACTOR = env.flag("SECOND_FACTOR", default=True)
OTP_TOTP_ISSUER = "OpenWeigh"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# After five wrong passwords from one address an account is closed to that address for a while, and
# to nobody else: others' tries lock no editor out.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "apps.common.client.address_of"
AXES_LOCKOUT_CALLABLE = "apps.accounts.sign_ins.too_many_tries"
AXES_SENSITIVE_PARAMETERS = ["username", "password", "otp_token", "csrfmiddlewaretoken"]
# The log of the product says who signed in.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Signed out after an hour in which nothing was done, and at the latest after twelve.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 60 * 60

# The form of a model holds its offers and prices: twenty fields for each of hundreds of offers.
# An address may hold far fewer, see apps.common.limits.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# More than this nobody may send, to any page: a usage file has five megabytes at most.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6_000_000

# A price change up to this share that two sources agree on is applied without an editor.
PRICE_BAND = env.number("PRICE_BAND", default=0.30, low=0, high=10)
# A source in which many prices change by this factor, or one is more dollars a million tokens than
# PRICE_MOST, or that holds less than this share of its last good copy, is refused whole.
PRICE_ABSURD_FACTOR = 50.0
PRICE_MOST = 2_000.0
PRICE_SOURCE_LEAST_SHARE = 0.8

# Whether somebody may publish the draft of the rules that they edited last themselves.
PUBLISH_ALONE = env.flag("PUBLISH_ALONE", default=False)
# A fact that nobody has checked for this many days carries a badge.
STALE_AFTER_DAYS = round(env.number("STALE_AFTER_DAYS", default=90, low=1, high=36_500))
# Where a reader reports a wrong fact: a mailto: or https: address; empty shows none.
CONTACT = env.contact("CONTACT")

# At /metrics for whoever sends this token; without one there is no such page.
METRICS_TOKEN = env.token("METRICS_TOKEN")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.common.logs.JsonLines"}},
    "filters": {"one_line": {"()": "apps.common.logs.OneLine"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json"},
        "visitors": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["one_line"],
        },
    },
    "loggers": {
        # What a visitor sends wrongly is no fault of the site: anybody could fill the log with it.
        "django.security": {"handlers": ["visitors"], "propagate": False},
        # Says of each failed sign-in what the product's own line says.
        "axes": {"level": "CRITICAL"},
        "openweigh": {"level": "INFO"},
        "openweigh.requests": {
            "level": "INFO" if env.flag("LOG_REQUESTS", default=True) else "WARNING"
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
