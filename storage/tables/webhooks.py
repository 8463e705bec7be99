"""Webhooks that are off, whatever the policy says."""

from datetime import datetime

from sqlmodel import Field

from storage.db.columns import Code, Moment
from storage.tables.base import Table


class WebhookOff(Table, table=True):
    __tablename__ = "webhook_off"

    key: Code = Field(primary_key=True)
    """As the policy calls it."""
    url: Code
    """It is off at this address: with another one in the policy it is on again."""
    reason: Code
    at: datetime = Field(sa_type=Moment)
