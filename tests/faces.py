"""Faces of nobody, drawn: a circle with two eyes on a ground of its own."""

import io

from PIL import Image, ImageDraw

GPS = 0x8825
"""Where in EXIF the place is."""


def face(ground: str = "steelblue", size: tuple[int, int] = (240, 300), quality: int = 85, form: str = "JPEG") -> bytes:
    """A picture as a telephone would make it, with the place beside it."""
    picture = Image.new("RGB", size, ground)
    draw, (wide, high) = ImageDraw.Draw(picture), size
    draw.ellipse((wide // 5, high // 6, wide * 4 // 5, high * 5 // 6), "bisque")
    for eye in (2, 3):
        draw.ellipse((wide * eye // 5 - 5, high * 2 // 5 - 5, wide * eye // 5 + 5, high * 2 // 5 + 5), "black")
    exif = Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    kept = io.BytesIO()
    picture.save(kept, form, quality=quality, exif=exif)
    return kept.getvalue()
