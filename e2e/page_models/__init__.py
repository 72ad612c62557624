"""What can be done on each page, in a person's words: found by role and label, as frontend/README.md names them."""
