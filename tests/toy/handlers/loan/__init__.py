"""Loans in Slack."""
