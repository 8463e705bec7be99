"""Which configuration items somebody may see: some are for their audience alone."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import col, func

from storage.tables import ConfigurationItem


@dataclass(frozen=True)
class Viewer:
    groups: Collection[str] = ()
    """What these own they see."""
    all_private: bool = False

    def see(self, item: ConfigurationItem) -> bool:
        return not item.private or self.all_private or item.owner_group in self.groups

    @property
    def clause(self) -> ColumnElement[bool]:
        """The same, for a query."""
        if self.all_private:
            return true()
        public = col(ConfigurationItem.private).is_(False)
        owner = func.coalesce(col(ConfigurationItem.owner_group), "")
        return or_(public, owner.in_(sorted(self.groups))) if self.groups else public


EVERYBODY = Viewer()
"""Of a text that is passed on, as what stands in a channel is."""
ALL_SEEING = Viewer(all_private=True)
"""Of Deskbell itself, and of whoever has the database."""
