"""Answers that exist already (C14) and questions that want one (C33): search, recurrence. Pure."""
