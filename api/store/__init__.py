"""Where the service keeps everything: one database, SQLite or PostgreSQL, through SQLAlchemy."""
