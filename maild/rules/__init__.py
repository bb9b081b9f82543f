"""What becomes of a letter: a table of named rules, tried in order, the first that holds decides."""
