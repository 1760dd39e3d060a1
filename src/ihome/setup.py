"""What every entry does first: read the environment and connect this process to what it names."""

from ihome import features
from ihome.config import Config, activate
from ihome.kit import db, discretion, kv, log
from ihome.storage import media


def start(config: Config) -> None:
    """Make this process one of the site's: configuration, logs, database, store, storage, handlers."""
    activate(config)
    log.set_up(config.log_level, as_json=config.is_production)
    discretion.install()
    db.connect(config.database, config.database_read_url)
    kv.connect(config.redis_url, config.instance / "kv.db", config.redis_prefix)
    media.connect(config.storage, config.media_base_url, site_url=f"{config.base_url}/media")
    features.load_tasks()
