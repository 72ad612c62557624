"""What Prometheus is told: all of it counted elsewhere, and put together when it asks."""
