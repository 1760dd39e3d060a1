"""Runs migrations on the engine of the process (the `ihome` command has connected it)."""

from alembic import context
from sqlalchemy import text

from ihome import features
from ihome.kit import db
from ihome.kit.db import Base
from ihome.kit.engines import wait_long

features.load_models()

# One upgrade at a time. A table that the site holds is waited for a short while only: whoever comes after an ALTER that
# waits, waits as well. How long the work itself takes is nobody's mistake.
BEGIN = {
    "postgresql": [
        "SET statement_timeout = '10min'",
        "SET lock_timeout = 0",
        "SELECT pg_advisory_lock(hashtext('ihome migrations'))",
        "SET statement_timeout = 0",
        "SET lock_timeout = '5s'",
    ],
    "mysql": [
        "SELECT GET_LOCK(CONCAT('ihome migrations ', DATABASE()), 600)",
        # A change for which MariaDB would copy the table, while nobody may write to it, is refused.
        "SET SESSION lock_wait_timeout = 5 /*M!100301 , max_statement_time = 0, alter_algorithm = 'NOCOPY' */",
        # Case and accents count in keys on SQLite and PostgreSQL; here only with a binary collation. Tables inherit it.
        "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    ],
}

with db.engine().connect() as connection:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:  # Its one writer is the lock: everything is one transaction.
        # Batch mode copies tables; foreign keys would fire on the copy. The pragma is a no-op inside a transaction.
        connection.connection.execute("PRAGMA foreign_keys=OFF")
    else:
        wait_long(connection)
        connection.detach()  # It keeps these settings, and the lock, until it is closed.
        for statement in BEGIN[connection.dialect.name]:
            connection.execute(text(statement))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=connection.dialect.name != "mysql",
        transaction_per_migration=not is_sqlite,  # So that no table is held until the last of them is done.
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if is_sqlite:
        connection.connection.execute("PRAGMA foreign_keys=ON")
