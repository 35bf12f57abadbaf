"""Looks at photos, to know the same picture again. What can't be read has no look, and is kept all the same."""

import io

from PIL import Image, UnidentifiedImageError

from services.gateway.domain.looks import HIGH, WIDE, look

MOST_PIXELS = 50_000_000
DRAFT = (WIDE * 8, HIGH * 8)


def seen(content: bytes) -> int | None:
    """The look of a JPEG; None where it is broken, larger than any telephone's, or too plain to be told apart."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.draft("L", DRAFT)  # the decoder itself makes it small, at a fraction of the work
            small = picture.convert("L").resize((WIDE, HIGH), Image.Resampling.BOX)
            return look(small.tobytes())
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
