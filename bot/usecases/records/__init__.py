"""The record engine: what people do with any record. A noun declares what it has, as values (`declared.py`)."""
