"""What changes have of their own."""
