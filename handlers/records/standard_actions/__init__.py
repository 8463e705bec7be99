"""What can be done to a record of any noun, declared once."""
