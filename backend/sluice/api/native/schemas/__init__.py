"""The bodies of the native API: what comes in is checked here, what goes out has its keys from here."""
