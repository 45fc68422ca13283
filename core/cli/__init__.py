"""The command line's parts: figures, the store's upkeep, accounts."""
