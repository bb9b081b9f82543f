"""What `ingest.html` and `ingest.sanitize` rest on: HTML as tags, what a reader sees of it, and what mailers mean by it."""
