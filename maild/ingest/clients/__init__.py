"""What `ingest.reply` and `ingest.unwrap` rest on: what mail programs and web forms write around people's words."""
