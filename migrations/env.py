"""Runs migrations on the engine of the process (the `ihome` command has connected it)."""

from alembic import context
from sqlalchemy import text

from ihome import features
from ihome.kit import db
from ihome.kit.db import Base

features.load_models()

with db.engine().connect() as connection:
    if connection.dialect.name in ("mysql", "mariadb"):
        # Case and accents count in keys on SQLite and PostgreSQL; here only with a binary collation. Tables inherit it.
        connection.execute(text("ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"))
        connection.commit()
    if connection.dialect.name == "sqlite":
        # Batch mode copies tables; foreign keys would fire on the copy. The pragma is a no-op inside a transaction.
        connection.connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if connection.dialect.name == "sqlite":
        connection.connection.execute("PRAGMA foreign_keys=ON")
