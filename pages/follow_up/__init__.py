"""Follow-up of the work, an area a page."""
