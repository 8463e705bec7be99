"""Which ratings are low: they are told to who can do something about it, and who gave one is offered a complaint."""

LOW = 2
"""So much or less, of five."""
