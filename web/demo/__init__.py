"""A page to look at and to break: seeded once, then alive like any other."""
