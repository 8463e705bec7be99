"""Loans: what people do with them."""
