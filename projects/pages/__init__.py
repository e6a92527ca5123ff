"""Faces (页面): request in, response out; one folder a subject, `base` the kit that all share."""
