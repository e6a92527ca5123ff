"""Tables: what they guard and keep by themselves."""
