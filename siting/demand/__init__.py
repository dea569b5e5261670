"""Residents and pupils: how many children of which tier live where."""
