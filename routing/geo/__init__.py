"""Geographic helpers: datum conversion, coordinate order and distances on the globe."""
