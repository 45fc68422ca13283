"""SELECTs that return frozen dataclasses or DataFrames, never table rows."""
