"""One person, one code (一人一码): twelve signs that mean nothing by themselves, easy to read out and to type."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U (Crockford): no sign is taken for another."""
SIGNS = 12


def spelt(entropy: bytes) -> str:
    """The code of eight random bytes: sixty of their bits."""
    number = int.from_bytes(entropy, "big")
    return "".join(ALPHABET[number >> 5 * n & 31] for n in range(SIGNS))
