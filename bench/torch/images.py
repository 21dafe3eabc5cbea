"""Class folders of images as arrays, resized exactly as specc resizes them."""

import functools
import math
import pathlib

import numpy as np
from PIL import Image, ImageOps

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"}


@functools.lru_cache(maxsize=None)
def resize_weights(source, target, antialias):
    """Triangle filter as 14-bit integers, [target][source]; each row adds up to 16384."""
    ratio = source / target
    support = max(1.0, ratio) if antialias else 1.0
    matrix = np.zeros((target, source), np.int64)
    for o in range(target):
        centre = (o + 0.5) * ratio
        taps = np.arange(max(0, math.floor(centre - support)), min(source, math.ceil(centre + support)))
        weights = np.maximum(0.0, 1 - np.abs(taps + 0.5 - centre) / support)
        q = np.floor(16384 * weights / weights.sum() + 0.5).astype(np.int64)
        q[np.argmax(q)] += 16384 - q.sum()
        matrix[o, taps] = q
    return matrix


def resize(pixels, height, width, antialias=True):
    """u8 [h][w][C] -> u8 [height][width][C]: horizontal pass to 16 bits, vertical pass to 8."""
    rows = resize_weights(pixels.shape[0], height, antialias)
    columns = resize_weights(pixels.shape[1], width, antialias)
    # Integers below 2^53: f64 is exact, and its products are fast.
    wide = np.floor((columns.astype(np.float64) @ pixels.astype(np.float64) + 32) / 64)
    tall = rows.astype(np.float64) @ wide.reshape(len(wide), -1)
    return np.floor((tall + (1 << 21)) / (1 << 22)).astype(np.uint8).reshape(height, width, -1)


def cover(pixels, height, width):
    """The largest centred window with the aspect of height x width."""
    h, w = pixels.shape[:2]
    ch, cw = min(h, w * height // width), min(w, h * width // height)
    top, left = (h - ch) // 2, (w - cw) // 2
    return pixels[top:top + ch, left:left + cw]


def in_turn(files, limit):
    """At most `limit` of (path, label), class by class in turn, as `--limit` takes them."""
    by_class = [[file for file in files if file[1] == label] for label in sorted({label for _, label in files})]
    turns = [members[turn] for turn in range(max(map(len, by_class))) for members in by_class if turn < len(members)]
    return sorted(turns[:limit], key=lambda file: (file[1], file[0]))


def load_folder(folder, height, width, fit, antialias, cache=None, limit=None):
    """(u8 [count][H][W][3], labels [count], class names); cached in one .npz if `cache` names it."""
    folder = pathlib.Path(folder)
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    files = [(path, label) for label, name in enumerate(names) for path in sorted((folder / name).rglob("*"))
             if path.suffix.lower() in SUFFIXES]
    if limit is not None:
        files = in_turn(files, limit)
    key = repr((str(folder.resolve()), len(files), height, width, fit, antialias))
    if cache is not None and pathlib.Path(cache).exists():
        stored = np.load(cache)
        if str(stored["key"]) == key:
            return stored["pixels"], stored["labels"], names
    pixels, labels, skipped = [], [], []
    for path, label in files:
        try:
            with Image.open(path) as opened:
                array = np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
        except OSError as error:
            skipped.append(f"{path}: {error}")
            continue
        if fit == "cover":
            array = cover(array, height, width)
        pixels.append(resize(array, height, width, antialias))
        labels.append(label)
    for line in skipped:
        print(f"skipped {line}")
    result = np.stack(pixels), np.array(labels)
    if cache is not None:
        np.savez(cache, key=key, pixels=result[0], labels=result[1])
    return (*result, names)
