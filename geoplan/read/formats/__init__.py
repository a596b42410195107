"""Vector files as records: their forms, their text, their fields and their shapes."""
