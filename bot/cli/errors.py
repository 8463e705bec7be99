"""An error as a sentence for the person at the terminal."""

import logging
import os

from bot.logs import struck
from bot.rules.policy.policy import PolicyFaults
from bot.settings import SettingsFault


def sentence(fault: Exception) -> str:
    """Never with a secret in it. At DESKBELL_LOG_LEVEL=debug the traceback is logged as well."""
    if os.environ.get("DESKBELL_LOG_LEVEL", "").lower() == "debug":
        logging.getLogger(__name__).error("where it happened:", exc_info=fault)
    said_well = isinstance(fault, SettingsFault | PolicyFaults)
    return struck(str(fault) if said_well else _sentence(fault))


def _sentence(fault: Exception) -> str:
    # Imported only now: they bring the whole house along, which `deskbell --help` does without.
    import aiohttp
    from slack_sdk.errors import SlackApiError
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    from bot.app import StartRefused
    from bot.usecases.policy import NoPolicyYet
    from bot.web.server import CannotListen
    from storage.db.backup import NotDone
    from storage.db.database_roles import NoRoles
    from storage.db.schema import SchemaUnfit
    from storage.db.urls import UnfitAddress

    if isinstance(fault, StartRefused | CannotListen | NoPolicyYet | NotDone | NoRoles | SchemaUnfit | UnfitAddress):
        return str(fault)
    if isinstance(fault, ArgumentError):
        return "DESKBELL_DATABASE_URL is not a database's address. .env.example shows its form."
    if isinstance(fault, SQLAlchemyError) and "database is locked" in str(fault):
        return "Something else has been writing to the database for long. Try again; `deskbell doctor` says more."
    if isinstance(fault, SQLAlchemyError):
        return f"The database cannot be used: {_first_line(fault)}. Is DESKBELL_DATABASE_URL right, and the server up?"
    if isinstance(fault, SlackApiError):
        return f"Slack refused: {fault.response.get('error')}. `deskbell doctor` says more."
    if isinstance(fault, aiohttp.ClientError | TimeoutError):
        return f"Slack cannot be reached: {_first_line(fault)}. Is this machine connected?"
    if isinstance(fault, OSError) and fault.strerror:
        return of_system(fault)
    said = f"{type(fault).__name__}: {_first_line(fault)}"
    return f"Something unexpected went wrong: {said}. DESKBELL_LOG_LEVEL=debug shows where."


def of_system(fault: OSError) -> str:
    """What the system would not do, with which file; without one it is what the command prints."""
    if fault.filename is None:
        return f"What it prints cannot be written: {fault.strerror}."
    return f"{fault.filename} cannot be used: {fault.strerror}."


def _first_line(fault: Exception) -> str:
    told = getattr(fault, "orig", None) or fault
    return (str(told).splitlines() or [type(told).__name__])[0].rstrip(".")
