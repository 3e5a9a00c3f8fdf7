"""Targets, and the search for parameter values that come near to them."""
