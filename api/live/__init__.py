"""The live day behind the pages: supervision, proposals, best slots and feedback."""
