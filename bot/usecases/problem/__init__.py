"""What is done with problems and known errors."""
