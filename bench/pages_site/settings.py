"""The settings of a server, with one address more."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.pages_site.urls"
