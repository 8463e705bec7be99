"""Controlled documents: written, approved, in force, read, looked through, withdrawn."""
