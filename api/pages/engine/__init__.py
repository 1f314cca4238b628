"""What the engine, the checker and the reader of files say, in the reader's language."""
