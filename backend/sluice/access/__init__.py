"""Who may do what: tokens, browser sessions and the one-time link."""
