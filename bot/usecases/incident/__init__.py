"""What is done with incidents."""
