"""What is done with changes."""
