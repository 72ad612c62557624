"""The worker processes and what starts, feeds and ends them."""
