"""Alembic's entry: uses the connection that storage.db.schema hands over, or one to `-x url=…` on the command line."""

from alembic import context
from sqlalchemy import Connection, create_engine, make_url, text

from storage.db.urls import sync_url
from storage.tables import METADATA

for table in METADATA.tables.values():
    for index in table.indexes:
        if "postgresql" in index.info:
            index.dialect_kwargs["postgresql_where"] = text(index.info["postgresql"])


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        # Where the connection is in a transaction already, that one is for all of them.
        transaction_per_migration=True,
        at_work=connection.dialect.name == "postgresql" and not connection.in_transaction(),
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(sync_url(make_url(context.get_x_argument(as_dictionary=True)["url"]))).begin() as opened:
        run(opened)
