"""Small real files of each kind, as programs write them."""
