"""Verbs (业务动作): each writes in one transaction, for one actor, at one moment, with its audit record."""
