"""The WSGI entry point of a web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Apps are there only now.
from apps.common.checks import refuse_to_start_wrongly  # noqa: E402

refuse_to_start_wrongly()
