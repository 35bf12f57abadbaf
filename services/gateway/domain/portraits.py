"""What a portrait must be to tell a face by, and no more than screens can show."""

LEAST_PX, MOST_PX = 120, 2000
"""Of its shorter and its longer side."""


def fits(width: int, height: int) -> bool:
    """Whether a picture of this size may be kept."""
    return min(width, height) >= LEAST_PX and max(width, height) <= MOST_PX
