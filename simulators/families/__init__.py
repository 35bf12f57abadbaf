"""Makers that do not speak our wire, each in a module of its own: what it says when it starts, and when it is used.

Nothing is sent here: a hub of ours (`simulators.hub`) or a single connection passes the messages on.
"""
