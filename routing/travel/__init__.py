"""Travel times, distances and route geometry: one Protocol, one small file per provider."""
