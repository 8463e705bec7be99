"""What is done with service requests."""
