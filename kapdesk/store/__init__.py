"""Where the record lies: one SQLCipher file, its keys, and the one thread that writes."""
