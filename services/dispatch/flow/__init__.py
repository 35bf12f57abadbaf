"""How something that happened becomes people on their way.

An alarm, a command, a screen's report or a deadline arrives. Before anything is locked we look round: where is it, how
is she, what has her division laid down, who is near and how long would they take (`registry`). Then the streams it
concerns are locked, the case files loaded, the domain decides, and rows, waits, events and (for a command) the
idempotency key are written in one transaction. Only after that commit does anybody hear of it: whoever follows the log
is woken by a hint. A kill anywhere before the commit leaves nothing behind, and the same input is worked again.
"""
