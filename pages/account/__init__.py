"""The account: sign-in and password."""
