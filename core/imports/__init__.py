"""Files into the store: file -> checked rows -> plan (shown) -> writes, all or nothing."""
