"""All settings; what differs between machines comes from the environment."""

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
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "reversion",
    "apps.common",
    "apps.editing",
    "apps.catalog",
    "apps.prices",
    "apps.rules",
    "apps.scenarios",
    "apps.engine",
    "apps.wizard",
    "apps.calculator",
]

MIDDLEWARE = [
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
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
        env.text("DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'openweigh.sqlite3'}")
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
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS

# The form of a model holds its offers and prices: twenty fields for each of hundreds of offers.
# An address may hold far fewer, see apps.common.limits.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# A price change up to this share that two sources agree on is applied without an editor.
PRICE_BAND = env.number("PRICE_BAND", default=0.30, low=0, high=10)
# A source in which a price changes by this factor, or costs more dollars a million tokens than
# PRICE_MOST, or that holds less than this share of its last good copy, is refused whole.
PRICE_ABSURD_FACTOR = 50.0
PRICE_MOST = 2_000.0
PRICE_SOURCE_LEAST_SHARE = 0.8

# A fact that nobody has checked for this many days carries a badge.
STALE_AFTER_DAYS = round(env.number("STALE_AFTER_DAYS", default=90, low=1, high=36_500))
# Where a reader reports a wrong fact: a mailto: or https: address; empty shows none.
CONTACT = env.contact("CONTACT")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one_line": {"()": "apps.common.logs.OneLine"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "visitors": {"class": "logging.StreamHandler", "filters": ["one_line"]},
    },
    # What a visitor sends wrongly is no fault of the site: anybody could fill the log with it.
    "loggers": {"django.security": {"handlers": ["visitors"], "propagate": False}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
