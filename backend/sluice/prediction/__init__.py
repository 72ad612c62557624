"""From a name and a body to an answer."""
