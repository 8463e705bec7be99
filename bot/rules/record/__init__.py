"""What every record has in common, whatever its noun."""
