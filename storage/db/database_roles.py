"""PostgreSQL's two roles: the owner, who migrates, and the bot, who adds to the journal and can change nothing in it.

Triggers refuse to change facts, but a table's owner can drop triggers; so the bot runs as somebody else.
"""

import re
from collections.abc import Iterator

from sqlalchemy import Connection, inspect, make_url, text

from storage.db import schema

BOT = "deskbell_bot"

ROWS = "SELECT, INSERT, UPDATE, DELETE"
JOURNAL = {
    "fact": "SELECT, INSERT (subject, kind, at, by, data, words_commitment, policy_version), "
    "UPDATE (seq, prev_hash, hash)",
    "fact_words": "SELECT, INSERT, DELETE",
    "checkpoint": "SELECT, INSERT",
    "alembic_version": "SELECT",
}
"""What the bot may do where it may not do everything with rows. A trigger lets each fact be sealed once; words may be
deleted since that is how they are erased."""


class NoRoles(Exception):
    """The role cannot be made as it was asked for; the message says what to do instead."""


def statements(role: str, tables: list[str], database: str, place: str) -> Iterator[str]:
    """SQL for the owner to run, as often as he likes. Names come quoted."""
    yield f"REVOKE CREATE ON SCHEMA {place} FROM PUBLIC"
    yield f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {place} FROM {role}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {place} FROM {role}"
    yield f"REVOKE ALL ON SCHEMA {place} FROM {role}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {role}"
    yield f"GRANT USAGE ON SCHEMA {place} TO {role}"
    for table in tables:
        yield f"GRANT {JOURNAL.get(table, ROWS)} ON {place}.{table} TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {place} TO {role}"


def grant(url: str, role: str = BOT, password: str | None = None) -> bool:
    """Give the role its rights and no others, and make it where it is not there: then True. Without a password it keeps
    the one it has. Raises NoRoles, SchemaUnfit."""
    _check(url, role)
    with schema.opened(url) as connection:
        if schema.standing(connection) is not schema.Standing.CURRENT:
            raise NoRoles("The database's schema is not current: run `deskbell migrate` first.")
        made = not _is_there(connection, role)
        _refuse_the_mighty(connection, role)
        for statement in (*_login(connection, role, password, made=made), *_rights(connection, role)):
            connection.exec_driver_sql(statement)
    return made


def script(url: str, role: str = BOT) -> list[str]:
    """The same for somebody else to run, without a password. Raises NoRoles, SchemaUnfit."""
    _check(url, role)
    with schema.opened(url) as connection:
        return [*_login(connection, role, None, made=True), *_rights(connection, role)]


def _check(url: str, role: str) -> None:
    if make_url(url).get_backend_name() != "postgresql":
        raise NoRoles("SQLite knows no roles: whoever can open its file can change it. Roles need PostgreSQL.")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
        raise NoRoles(f"“{role}” is no name for a role. Use small letters, digits and _.")


def _rights(connection: Connection, role: str) -> Iterator[str]:
    database, place = connection.execute(text("SELECT current_database(), current_schema()")).one()
    tables = sorted(inspect(connection).get_table_names())
    return statements(_quoted(connection, role), tables, _quoted(connection, database), _quoted(connection, place))


def _login(connection: Connection, role: str, password: str | None, *, made: bool) -> Iterator[str]:
    name = _quoted(connection, role)
    if made:
        yield f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT"
    if password:
        # Sent as what the server would make of it, so that no log of statements has it.
        libpq = connection.connection.driver_connection.pgconn  # type: ignore[union-attr]
        verifier = libpq.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        yield f"ALTER ROLE {name} PASSWORD '{verifier}'"


def _is_there(connection: Connection, role: str) -> bool:
    return connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).first() is not None


def _refuse_the_mighty(connection: Connection, role: str) -> None:
    """Raises NoRoles for a role whose rights do not come from here, so that none could be kept from it."""
    mighty = text("SELECT rolsuper OR pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = :role")
    if connection.execute(mighty, {"role": role}).scalar():
        raise NoRoles(
            f"{role} owns the tables or is a superuser, and nothing can be kept from it. Choose another name."
        )


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)
