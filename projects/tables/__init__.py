"""Tables (列表) of the pages, one module per subject."""
