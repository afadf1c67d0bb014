"""`python -m statuspage.serve`: the whole product as one command, see script/server."""
