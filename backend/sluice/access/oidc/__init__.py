"""Signing in by OpenID Connect, at a provider that one company has for all it runs."""
