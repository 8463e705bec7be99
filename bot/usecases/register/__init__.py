"""Registers that the policy declares: entries with fields, stages, reviews and acceptance."""
