"""Breaks the store at bad moments and looks at what is left: nothing lost, nothing dangling, nothing over."""
