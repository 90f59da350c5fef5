#!/usr/bin/env python3
"""Checks the files that a build makes of pictures with another program, Pillow (PyPI).

The sources are photographs in all eight EXIF orientations and three formats. Each file in the output must have the size that
its page gives, must be upright, must keep its colour profile, and must name no place and no person."""

import html.parser
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from needs import DATELINE, use_python_packages  # noqa: E402

NOW = "2026-12-31T00:00:00Z"
TOML = 'title = "T"\nbase_url = "https://example.org/"\nauthority = "example.org"\n[images]\nwidths = [60, 90]\n'
# EXIF 3.0, tables 4 and 8.
ORIENTATION, MAKER, GPS, ARTIST = 0x0112, 0x010F, 0x8825, 0x013B
ENDS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
wrong = []

if not use_python_packages(PIL="pillow==13.0.0"):
    sys.exit(0)
from PIL import Image, ImageCms, ImageDraw, ImageOps  # noqa: E402


def check(is_right, text):
    if not is_right:
        wrong.append(text)
        print(f"WRONG: {text}")


def quarters():
    image = Image.new("RGB", (120, 80), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 59, 39), fill="red")
    draw.rectangle((60, 0, 119, 39), fill="green")
    draw.rectangle((0, 40, 59, 79), fill="blue")
    return image


def corners(image):
    """The colours in the middle of each quarter, coarse enough for what encoders lose."""
    image, (width, height) = image.convert("RGB"), image.size
    at = [(x, y) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]
    return [tuple(colour > 80 for colour in image.getpixel(one)) for one in at]


class Images(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = {}

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        names = [one.split()[0] for one in attributes.get("srcset", "").split(", ") if one]
        if tag == "source":
            self.waiting = names
        elif tag == "img":
            self.found[attributes["alt"]] = (attributes, [*getattr(self, "waiting", []), *names])
            self.waiting = []


def main():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with tempfile.TemporaryDirectory() as folder:
        root, images = pathlib.Path(folder), Images()
        (root / "content").mkdir()
        (root / "site.toml").write_text(TOML)
        upright, body = {}, []
        for end, form in ENDS.items():
            for orientation in range(1, 9):
                exif = Image.Exif()
                exif[ORIENTATION] = orientation
                exif[MAKER], exif[ARTIST] = "SECRET-MAKER", "SECRET-ARTIST"
                exif[GPS] = {1: "N", 2: (22.0, 17.0, 6.0), 3: "E", 4: (114.0, 9.0, 30.0)}
                more = {} if form == "PNG" else {"quality": 95, "xmp": b"<x>SECRET-XMP</x>"}
                name = f"{form.lower()}{orientation}"
                path = root / "content" / f"{name}.{end}"
                quarters().save(path, exif=exif, icc_profile=profile, **more)
                with Image.open(path) as stored:
                    upright[name] = ImageOps.exif_transpose(stored)
                body.append(f"![{name}]({name}.{end})\n")
        (root / "content" / "a.md").write_text('+++\ntitle = "A"\n+++\n' + "\n".join(body))
        out = root / "public"
        subprocess.run([DATELINE, "build", "--root", root, "--out", out, "--now", NOW], check=True, capture_output=True)
        images.feed((out / "a" / "index.html").read_text())
        check(set(images.found) >= set(upright), "a picture is missing on the page")
        for name, (attributes, files) in images.found.items():
            if name not in upright:
                continue
            expected = upright[name]
            said = (int(attributes["width"]), int(attributes["height"]))
            check(said[0] * expected.height == said[1] * expected.width, f"{name}: {said} is said of {expected.size}")
            with Image.open(out / attributes["src"].lstrip("/")) as made:
                check(said == ImageOps.exif_transpose(made).size, f"{name}: {said} is said, and it is {made.size}")
            check(len(files) >= 2, f"{name}: it is there in {len(files)} widths")
            for file in {*files, attributes["src"]}:
                with Image.open(out / file.lstrip("/")) as made:
                    # What a browser does of its own accord.
                    shown = ImageOps.exif_transpose(made)
                    check(corners(shown) == corners(expected), f"{file}: it lies otherwise")
                    ratio = shown.width * expected.height - shown.height * expected.width
                    check(abs(ratio) <= expected.width, f"{file}: {shown.size} has other proportions")
                    check(made.info.get("icc_profile") == profile, f"{file}: its colour profile is gone")
                    check(not dict(made.getexif()).get(GPS), f"{file}: where it was")
        count = 0
        for path in sorted(out.rglob("*")):
            if path.suffix[1:] in ENDS:
                count += 1
                check(b"SECRET" not in path.read_bytes(), f"{path.name}: it tells of people")
                with Image.open(path) as image:
                    image.load()
                    told = set(image.getexif()) - {ORIENTATION}
                    check(not told, f"{path.name}: it has the tags {told}")
    print(f"{count} pictures looked at, {len(wrong)} wrong")
    return 1 if wrong or count < 60 else 0


sys.exit(main())
