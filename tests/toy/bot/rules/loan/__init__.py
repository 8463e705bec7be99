"""Loans: what is decided about them."""
