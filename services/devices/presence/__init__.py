"""Who can still be heard. A process of its own, so that ten thousand heartbeats never stand before one alarm.

The `ear` holds the connection and knows when it was deaf. What it hears goes into the `roll`, a map in memory of
everything that is registered: a message is a sign of life, a report says how the thing is, a will that a hub has gone.
Once a second the `road` looks who is silent, gathers those that fell silent together (`gathering`), and writes what has
changed: faults and outages with their events, then the state of health. Nothing is lost while the database is away:
the map stays, and the next second tries again.
"""
