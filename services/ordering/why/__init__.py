"""Why can't I order this? Asked of the other services, answered, and passed on to who can help."""
