#!/usr/bin/env python3
"""Draws the pictures of this site, with Pillow: evenings and mornings around a harbour, one of them upright, one small."""

import math
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

CONTENT = Path(__file__).parent / "content"


def blend(a, b, share):
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b))


def sky(width, height, top, bottom):
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for y in range(height):
        draw.line((0, y, width, y), fill=blend(top, bottom, y / height))
    return image


def hills(draw, width, base, height, colour, seed):
    steps = random.Random(seed)
    phases = [(steps.uniform(0.5, 3), steps.uniform(0, 6.3), steps.uniform(0.3, 1)) for _ in range(4)]
    points = [(0, base + height * 3)]
    for x in range(0, width + 9, 8):
        y = sum(math.sin(x / width * 6.3 * f + p) * a for f, p, a in phases) / 4
        points.append((x, base - height * (0.6 + y)))
    points.append((width, base + height * 3))
    draw.polygon(points, fill=colour)


def water(image, level, colour, light, seed):
    draw = ImageDraw.Draw(image)
    width, height = image.size
    draw.rectangle((0, level, width, height), fill=colour)
    steps = random.Random(seed)
    for y in range(level + 4, height, 6):
        depth = (y - level) / (height - level)
        for _ in range(6):
            x, long = steps.randrange(width), 6 + depth * 70 * steps.random()
            draw.line((x, y, x + long, y), fill=blend(colour, light, 0.12 + 0.3 * steps.random()), width=1 + round(depth * 2))


def houses(draw, left, right, base, colour, lit, seed, size=60):
    steps = random.Random(seed)
    x = left
    while x < right:
        wide, high = steps.uniform(0.6, 1.2) * size, steps.uniform(0.8, 1.9) * size
        tone = blend(colour, (255, 255, 255), steps.uniform(0, 0.16))
        draw.rectangle((x, base - high, x + wide, base), fill=tone)
        draw.polygon([(x - 3, base - high), (x + wide / 2, base - high - size * 0.45), (x + wide + 3, base - high)], fill=blend(tone, (40, 20, 20), 0.45))
        for row in range(int(high / 26)):
            for column in range(int(wide / 20)):
                if steps.random() < 0.5:
                    wx, wy = x + 6 + column * 20, base - high + 10 + row * 26
                    draw.rectangle((wx, wy, wx + 8, wy + 12), fill=lit)
        x += wide + 2


def boat(draw, x, y, size, hull, house):
    draw.polygon([(x, y), (x + size, y), (x + size * 0.86, y + size * 0.2), (x + size * 0.12, y + size * 0.2)], fill=hull)
    draw.rectangle((x + size * 0.45, y - size * 0.22, x + size * 0.75, y), fill=house)
    draw.line((x + size * 0.3, y, x + size * 0.3, y - size * 0.6), fill=hull, width=3)
    draw.line((x + size * 0.3, y - size * 0.58, x + size * 0.95, y), fill=hull, width=1)


def tower(draw, x, base, size):
    draw.polygon([(x - size * 0.16, base), (x + size * 0.16, base), (x + size * 0.1, base - size), (x - size * 0.1, base - size)], fill=(238, 232, 222))
    for band in (0.2, 0.55):
        draw.polygon([(x - size * (0.16 - 0.06 * band), base - size * band), (x + size * (0.16 - 0.06 * band), base - size * band), (x + size * (0.145 - 0.06 * band), base - size * (band + 0.18)), (x - size * (0.145 - 0.06 * band), base - size * (band + 0.18))], fill=(176, 58, 46))
    draw.rectangle((x - size * 0.08, base - size * 1.13, x + size * 0.08, base - size), fill=(255, 226, 140))
    draw.polygon([(x - size * 0.12, base - size * 1.13), (x, base - size * 1.25), (x + size * 0.12, base - size * 1.13)], fill=(60, 50, 50))


def save(image, path, blur=0.7, quality=66):
    # Soft edges make small files.
    image = image.filter(ImageFilter.GaussianBlur(blur))
    (CONTENT / path).parent.mkdir(parents=True, exist_ok=True)
    image.save(CONTENT / path, quality=quality, optimize=True, progressive=True)


def scene(path, top, bottom, sea, light, seed, size=(1000, 667), **parts):
    width, height = size
    image = sky(width, height, top, bottom)
    draw = ImageDraw.Draw(image)
    level = round(height * parts.get("level", 0.62))
    if "sun" in parts:
        x, y, r = parts["sun"]
        glow = Image.new("RGB", size, light)
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).ellipse((x * width - r * 3, y * height - r * 3, x * width + r * 3, y * height + r * 3), fill=110)
        image.paste(glow, (0, 0), mask.filter(ImageFilter.GaussianBlur(r)))
        draw.ellipse((x * width - r, y * height - r, x * width + r, y * height + r), fill=blend(light, (255, 255, 255), 0.6))
    for at, tone in enumerate(parts.get("hills", [])):
        hills(draw, width, level - 6 - at * 4, height * (0.2 - at * 0.06), tone, seed + at)
    water(image, level, sea, light, seed)
    draw = ImageDraw.Draw(image)
    for left, right, colour in parts.get("houses", []):
        houses(draw, left * width, right * width, level + 4, colour, (255, 214, 130), seed, parts.get("house", 60))
    for x, high in parts.get("towers", []):
        tower(draw, x * width, level + 8, high * height)
    for x, y, long, hull in parts.get("boats", []):
        boat(draw, x * width, y * height, long * width, hull, (236, 230, 218))
    save(image, path)


if __name__ == "__main__":
    navy, slate, brick = (30, 38, 58), (74, 92, 108), (126, 92, 80)
    scene("news/bridge.jpg", (120, 160, 196), (232, 222, 200), (92, 124, 138), (250, 238, 210), 3, hills=[(128, 146, 150), (96, 116, 112)], houses=[(0.0, 0.34, brick), (0.7, 1.0, slate)], boats=[(0.42, 0.72, 0.2, (150, 50, 44))])
    scene("news/seal.jpg", (196, 208, 210), (226, 226, 216), (120, 140, 140), (240, 240, 230), 5, level=0.4, hills=[(150, 162, 160)], boats=[(0.06, 0.5, 0.16, (60, 80, 110)), (0.66, 0.46, 0.12, (180, 150, 60))])
    scene("news/lifeboat.jpg", (34, 40, 56), (92, 96, 110), (44, 56, 68), (190, 200, 210), 8, level=0.5, boats=[(0.36, 0.6, 0.34, (214, 96, 36))])
    scene("news/council/lamps.jpg", (18, 22, 40), (66, 58, 80), (26, 30, 44), (246, 200, 120), 13, level=0.8, houses=[(0.0, 1.0, (54, 50, 66))], house=96)
    scene("business/market.jpg", (214, 170, 130), (246, 224, 190), (130, 116, 110), (255, 236, 200), 21, level=0.7, houses=[(0.0, 1.0, (168, 120, 92))], house=84, boats=[(0.1, 0.86, 0.22, (40, 70, 90)), (0.6, 0.82, 0.26, (160, 60, 50))])
    scene("business/ropeworks.jpg", (150, 172, 190), (214, 214, 206), (110, 118, 116), (236, 232, 220), 34, level=0.84, hills=[(140, 150, 140)], houses=[(0.08, 0.9, (146, 132, 116))], house=120)
    scene("culture/corn-hall.jpg", (230, 190, 140), (250, 236, 206), (150, 120, 92), (255, 240, 206), 55, level=0.78, houses=[(0.24, 0.8, (190, 160, 120))], house=150)
    scene("culture/lighthouse.jpg", (250, 170, 110), (255, 226, 180), (90, 100, 120), (255, 220, 160), 89, size=(640, 960), level=0.7, sun=(0.3, 0.44, 36), hills=[(120, 100, 110)], towers=[(0.62, 0.4)])
    scene("opinion/bandstand.jpg", (160, 190, 170), (230, 232, 206), (120, 140, 110), (240, 240, 210), 144, size=(260, 180), level=0.7, hills=[(110, 140, 100)], houses=[(0.3, 0.6, (150, 140, 130))], house=40)
