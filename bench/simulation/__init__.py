"""Yinling's own code in an imagined world: one thread, drawn order, drawn faults, no real second (docs/proof.md).

`loop` is time and order, `store` the database, `links` its connections, `meanings` what statements do, `broker` the
devices' way, `wire` the consoles' way, `processes` the services' own classes put together as their `main` does, `town`
the people, `plan` what a seed has in store, `world` one seed from the first press to silence, `judge` what must be true
then, `prove` many seeds.
"""
