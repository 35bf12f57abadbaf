"""Random bytes of the system, fetched by the page."""

import os
from collections import deque

PAGE = 512


class Noise:
    """Pieces of `size` random bytes, each given out once, to any thread.

    Every fetch from the system lets go of the interpreter, and where another thread computes, waits a switch interval
    to have it back: a case of forty identifiers waited forty times.
    """

    def __init__(self, size: int) -> None:
        """Nothing is fetched yet. A process that is forked off fetches its own."""
        self._size = size
        self._pieces: deque[bytes] = deque()
        os.register_at_fork(after_in_child=self._pieces.clear)

    def piece(self) -> bytes:
        """The next one."""
        try:
            return self._pieces.popleft()
        except IndexError:
            page, size = os.urandom(PAGE * self._size), self._size
            self._pieces.extend(page[at : at + size] for at in range(size, len(page), size))
            return page[:size]
