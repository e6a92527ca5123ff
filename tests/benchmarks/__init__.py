"""How long pages and commands take on a large ledger; `make bench` prints it, nothing here judges."""
