"""What `ingest.classify` and `ingest.dsn` rest on: one file for each kind of machine that writes letters, and its words."""
