"""Random pieces, whoever takes them."""

import os
from concurrent.futures import ThreadPoolExecutor

from shared.vocabulary.noise import PAGE, Noise


def test_no_piece_is_given_out_twice() -> None:
    """Not across pages, and not to threads that take at once."""
    noise = Noise(10)
    with ThreadPoolExecutor(8) as threads:
        pieces = list(threads.map(lambda _: noise.piece(), range(8 * PAGE)))
    assert len(set(pieces)) == 8 * PAGE
    assert {len(piece) for piece in pieces} == {10}


def test_a_child_has_its_own() -> None:
    """What lay ready before the fork is the parent's alone."""
    noise, (out, into) = Noise(10), os.pipe()
    noise.piece()
    child = os.fork()
    if child == 0:
        os.write(into, noise.piece())
        os._exit(0)
    os.waitpid(child, 0)
    mine = {noise.piece() for _ in range(PAGE)}
    assert os.read(out, 10) not in mine
