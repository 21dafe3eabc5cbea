/** @file What the exported training script knows of data: specc's random numbers, split and order; images and IDX files. */

/** See docs/numerics.md#random-numbers. */
export const randomText: string = `
def threefry(key, counter):
    """Threefry2x32 with 20 rounds, on 32-bit words in 64-bit integers: specc's random numbers."""
    mask = 0xFFFFFFFF
    keys = (key[0], key[1], key[0] ^ key[1] ^ 0x1BD11BDA)
    a, b = (counter[0] + keys[0]) & mask, (counter[1] + keys[1]) & mask
    for group in range(5):
        for turn in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
            a = (a + b) & mask
            b = (((b << turn) | (b >> (32 - turn))) & mask) ^ a
        a = (a + keys[(group + 1) % 3]) & mask
        b = (b + keys[(group + 2) % 3] + group + 1) & mask
    return a, b


def draw_order(seed, tag, argument, count):
    """0 to count - 1 in the order of the draws of one stream."""
    root = threefry((seed & 0xFFFFFFFF, seed >> 32), (0, 0))
    index = torch.arange(count)
    first, second = threefry(threefry(root, (tag, argument)), (index, torch.zeros_like(index)))
    later = torch.sort(second, stable=True).indices
    return later[torch.sort(first[later], stable=True).indices].tolist()


def epoch_order(seed, epoch, count):
    return draw_order(seed, 3, epoch, count)


def stratified_split(seed, labels, classes):
    """Indices that train and that validate; every class keeps its share."""
    total = len(labels)
    wanted = 0.8 if isinstance(SPLIT, int) else SPLIT
    whole, share = (total, SPLIT) if isinstance(SPLIT, int) and SPLIT < total else (10**9, math.floor(wanted * 1e9 + 0.5))
    sizes = [labels.count(label) for label in range(classes)]
    places = [share * size // whole for size in sizes]
    left = share * total // whole - sum(places)
    for label in sorted(range(classes), key=lambda label: (-(share * sizes[label] % whole), label))[:left]:
        places[label] += 1
    train, validation = [], []
    for index in draw_order(seed, 2, 0, total):
        places[labels[index]] -= 1
        (train if places[labels[index]] >= 0 else validation).append(index)
    return sorted(train), sorted(validation)


def in_batches(order, size):
    return [order[start:start + size] for start in range(0, len(order), size)]
`.trim();

/** See docs/numerics.md#from-images-to-numbers, docs/files.md. */
export const dataText: string = `
SUFFIXES = {".avif", ".bmp", ".gif", ".heic", ".heif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
PARTS = {"train": ["train"], "val": ["val", "valid", "validation"]}


class ClassFolders(torch.utils.data.Dataset):
    """Images in folders named after their classes, decoded when they are asked for: uint8 [H, W, C] and the label."""

    def __init__(self, folder, classes=None, say=print):
        try:
            from PIL import Image
        except ImportError:
            raise SystemExit("images need Pillow: pip install pillow")
        self.classes = classes or sorted(path.name for path in folder.iterdir() if path.is_dir() and not hidden(path))
        self.paths, self.labels, self.workers = [], [], 0
        for label, name in enumerate(self.classes):
            found = [path for path in (folder / name).rglob("*") if path.suffix.lower() in SUFFIXES
                     and not any(map(hidden, path.relative_to(folder).parents[:-1])) and not hidden(path)]
            for path in sorted(found, key=lambda path: path.relative_to(folder).as_posix()):
                try:
                    with Image.open(path):
                        self.paths.append(path)
                        self.labels.append(label)
                except OSError:
                    say(f"skipped, cannot be read: {path}")
        if not self.paths:
            raise SystemExit(f"{folder} holds no folders of images")

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        from PIL import Image, ImageOps
        with Image.open(self.paths[index]) as image:
            image = ImageOps.exif_transpose(image).convert("RGB")
        pixels = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).reshape(image.height, image.width, 3)
        if SIZE[2] == 1:
            red, green, blue = pixels.int().unbind(2)
            pixels = ((77 * red + 150 * green + 29 * blue + 128) >> 8).to(torch.uint8)[..., None]
        return fitted(pixels), self.labels[index]


class IdxFiles(torch.utils.data.Dataset):
    """Images as MNIST has them."""

    def __init__(self, folder, prefix, classes=None):
        self.images = read_idx(folder, f"{prefix}-images-idx3-ubyte")
        values = read_idx(folder, f"{prefix}-labels-idx1-ubyte").tolist()
        self.classes = classes or sorted(set(values))
        self.labels, self.workers = [self.classes.index(value) for value in values], 0

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return fitted(self.images[index][..., None]).expand(-1, -1, SIZE[2]).clone(), self.labels[index]


def hidden(path):
    return path.name.startswith(".") or path.name == "__MACOSX"


def read_idx(folder, name):
    plain = folder / name
    data = plain.read_bytes() if plain.exists() else gzip.decompress((folder / f"{name}.gz").read_bytes())
    shape = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
    return torch.frombuffer(bytearray(data[4 + 4 * data[3]:]), dtype=torch.uint8).reshape(shape)


def fitted(pixels):
    """At the size of the network."""
    (height, width), (wanted_height, wanted_width) = pixels.shape[:2], SIZE[:2]
    if COVER:
        wide = width * wanted_height > height * wanted_width
        rounded = lambda a, b: max(1, (2 * a + b) // (2 * b))
        kept_width = rounded(height * wanted_width, wanted_height) if wide else width
        kept_height = height if wide else min(height, rounded(width * wanted_height, wanted_width))
        top, left = (height - kept_height) // 2, (width - kept_width) // 2
        pixels = pixels[top:top + kept_height, left:left + kept_width]
    if tuple(pixels.shape[:2]) == SIZE[:2]:
        return pixels
    planes = pixels.permute(2, 0, 1)[None].float()
    planes = F.interpolate(planes, size=SIZE[:2], mode="bilinear", align_corners=False, antialias=ANTIALIAS)
    return (planes + 0.5).floor().clamp(0, 255).to(torch.uint8)[0].permute(1, 2, 0)


def open_part(folder, part, classes, say):
    """One part of a data folder; None: it has none."""
    prefix = {"train": "train", "val": "val"}[part]
    if any(folder.glob("*-images-idx3-ubyte*")):
        return IdxFiles(folder, prefix, classes) if any(folder.glob(f"{prefix}-images-idx3-ubyte*")) else None
    parts = [folder / name for name in PARTS[part] if (folder / name).is_dir() and (folder / "train").is_dir()]
    if parts:
        return ClassFolders(parts[0], classes, say)
    return ClassFolders(folder, classes, say) if part == "train" and not (folder / "train").is_dir() else None


def open_data(args, say):
    """The data, the indices that train, the indices that validate, and the data that these are of."""
    folder = pathlib.Path(args.data)
    data = open_part(folder, "train", None, say)
    if data is None:
        raise SystemExit(f"{folder} has no training images")
    other = pathlib.Path(args.val) if args.val else folder
    validating = open_part(other, "val", data.classes, say) or (open_part(other, "train", data.classes, say) if args.val else None)
    if validating is not None:
        return data, list(range(len(data))), list(range(len(validating))), validating
    train, validation = stratified_split(args.seed, data.labels, len(data.classes))
    return data, train, validation, data
`.trim();

/** Where the program standardises. */
export const measureText: string = `
def measure(data, train, rank, world, device):
    """Mean and deviation of each channel over the training images, from how often each byte occurs."""
    counts = torch.zeros(SIZE[2], 256, dtype=torch.int64)
    for pixels, _ in torch.utils.data.DataLoader(data, batch_sampler=in_batches(train[rank::world], 256), num_workers=data.workers):
        for channel in range(SIZE[2]):
            counts[channel] += torch.bincount(pixels[..., channel].flatten(), minlength=256)
    if world > 1:
        counts = counts.to(device)
        distributed.all_reduce(counts)
    counts = counts.cpu().double()
    levels = torch.arange(256, dtype=torch.uint8)[None, None, :, None].expand(1, 1, 256, SIZE[2])
    values = net.unit_values(levels, torch.float64)[0, :, 0]
    mean = (counts * values).sum(1) / counts.sum(1)
    variance = (counts * (values - mean[:, None]) ** 2).sum(1) / counts.sum(1)
    return mean.tolist(), variance.sqrt().tolist()
`.trim();
