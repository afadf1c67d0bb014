"""The application that granian serves: `web.edge.server:application`, interface RSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")
_django = get_wsgi_application()

# Models can be imported only once Django is set up.
from web.edge.wiring import make_edge  # noqa: E402

application = make_edge(_django)
