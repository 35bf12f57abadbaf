"""The door's story.

Something happens in the city and dispatch writes it into the log. `deliver` follows the log
and lays a letter into the inbox of everybody concerned: the person who is asked, those who go, the desks above.
A console continues where it stopped (`resume`), reads all when it can't (`snapshot`), and says what a person has
seen (`record`), which goes back into the log. Decisions are not made here: `commands` passes them to dispatch.
"""
