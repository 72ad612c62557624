"""What brings an older database up to date, oldest first; each runs once, before the server answers."""
