"""The web process: Granian with the edge in front of Django."""

import os

from statuspage.serve.options import read_options
from web.edge.serve import granian

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")

if __name__ == "__main__":
    options = read_options()
    granian(address=options.host, port=options.port, workers=options.web_workers).serve()
