"""Real mail of many years and countries, and how well maild reads it: `python -m tests.corpora` (`make corpora`)."""
