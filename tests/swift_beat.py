"""`celery -A tests.swift_beat beat`: the site's beat, but that no test waits half a minute for its sweep."""

from ihome.worker import app

app.conf.beat_schedule["sweep"]["schedule"] = 2.0
