"""Files for people: Excel workbooks."""
