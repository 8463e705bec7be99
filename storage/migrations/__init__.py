"""Alembic's scripts. Make one with `alembic -x url=sqlite:///scratch.db revision --autogenerate -m "why"`."""
