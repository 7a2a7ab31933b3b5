"""Business intelligence tools on the published file."""
