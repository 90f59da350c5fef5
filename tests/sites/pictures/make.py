#!/usr/bin/env python3
"""Makes the pictures of this site, with Pillow. Each is as small as what it shows allows."""

import struct
from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parent
ARTICLE = HERE / "content" / "harbour"
STATIC = HERE / "static"


def corners(width, height, mode="RGB"):
    """Red, green, blue and white quarters: which one is top left says how a picture is turned."""
    image = Image.new(mode, (width, height), "white")
    draw = ImageDraw.Draw(image)
    w, h = width // 2, height // 2
    draw.rectangle((0, 0, w - 1, h - 1), fill="red")
    draw.rectangle((w, 0, width, h - 1), fill="green")
    draw.rectangle((0, h, w - 1, height), fill="blue")
    return image


def gps(orientation):
    """A camera's notes: how it was held, whose it is, and where it was."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRET-MAKER"
    exif[0x8825] = {1: "N", 2: (22.0, 17.0, 6.0), 3: "E", 4: (114.0, 9.0, 30.0)}
    return exif


# Held upright by a telephone that stores it lying: 6 is "turn by 90 degrees to the right".
corners(60, 40).save(ARTICLE / "turned.jpg", exif=gps(6), quality=90, comment=b"SECRET-COMMENT")
with (ARTICLE / "turned.jpg").open("ab") as file:
    file.write(b"SECRET-FILM")
alpha = corners(64, 32, "RGBA")
ImageDraw.Draw(alpha).ellipse((20, 4, 44, 28), fill=(0, 0, 0, 0))
from PIL.PngImagePlugin import PngInfo

notes = PngInfo()
notes.add_text("Author", "SECRET-AUTHOR")
alpha.save(ARTICLE / "clear.png", pnginfo=notes, exif=gps(1))
frames = [Image.new("P", (50, 30), colour) for colour in (0, 1)]
frames[0].putpalette([255, 0, 0, 0, 0, 255])
frames[1].putpalette([255, 0, 0, 0, 0, 255])
frames[0].save(ARTICLE / "moves.gif", save_all=True, append_images=frames[1:], loop=0, comment=b"SECRET-GIF")
corners(60, 40).save(ARTICLE / "modern.webp", quality=80, exif=gps(3), xmp=b"<x>SECRET-XMP</x>")
# A PNG by another name.
corners(48, 24).save(ARTICLE / "misnamed.jpg", format="PNG")
(ARTICLE / "chart.svg").write_text(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 150"><path d="M0 0h9"/></svg>\n'
)
corners(60, 40).save(STATIC / "quay.jpg", exif=gps(1), quality=90)
# In static/ and on no page: copied, not looked at.
corners(60, 40).save(STATIC / "unused.jpg", exif=gps(8), quality=90)
