"""What is done with configuration items."""
