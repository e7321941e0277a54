"""Set the environment that the tests run in, before Django's settings are read."""

import os

os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50
os.environ["HTTPS"] = "off"
os.environ["SECOND_FACTOR"] = "off"
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
# Some tests put another database in the place of the site's: a pool would outlast it.
os.environ["DATABASE_POOL"] = "0"
