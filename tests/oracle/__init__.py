"""A second opinion (独立复算): figures, findings, lights, weekly movement and messages from the rules alone.

`facts` holds a world as plain dated facts, `days`, `figures`, `findings`, `lights`, `weekly` and `ladder` compute from
it by docs/rules.md, whose sections they cite; none of them imports anything of the product. `worlds` writes random
worlds, `playing` plays the same events into the product's services, `test_agreement` compares the two.
"""
