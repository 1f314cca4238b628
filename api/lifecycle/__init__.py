"""The life of a plan: draft, submitted, approved or returned, in force, superseded."""
