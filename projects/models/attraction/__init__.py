"""Leads and chains (招商与产业链): the chain with its team and work, leads, the main indicators."""
