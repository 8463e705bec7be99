"""Files of other systems, read into rows."""
