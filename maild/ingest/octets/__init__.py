"""What `ingest.parse` rests on: one file for each way in which octets become parts, words, names and files."""
