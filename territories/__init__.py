"""Territory design: who serves whom, fairly, and where the border runs."""
