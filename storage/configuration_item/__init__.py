"""Queries about configuration items."""
