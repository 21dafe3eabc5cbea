/** @file Image files to u8 pixels, by sharp, which is loaded at the first use (docs/numerics.md#decoding). */

import type { Sharp, SharpOptions } from "sharp";
import { convertChannels, fitPicture } from "../runtime/pixels.ts";
import { DataError } from "./data-error.ts";
import type { LoadOptions } from "./dataset.ts";

type SharpModule = typeof import("sharp").default;

export interface ImageHeader {
  /** As displayed: after the EXIF orientation. */
  readonly height: number;
  readonly width: number;
  readonly colour: boolean;
}

interface DecodedImage {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** [H][W][C], sRGB. */
  readonly pixels: Uint8Array;
}

/** What decides the pixels of one image. */
export type ImageSettings = Pick<LoadOptions, "height" | "width" | "channels" | "fit" | "antialias">;

let loaded: Promise<SharpModule> | undefined;

/** @throws DataError naming the package to install. */
export function loadSharp(): Promise<SharpModule> {
  loaded ??= import("sharp").then(
    (module) => {
      // Many images at once use the cores better than many threads on one; and no image is read twice.
      module.default.concurrency(1);
      module.default.cache(false);
      return module.default;
    },
    (thrown: unknown) => {
      loaded = undefined;
      throw new DataError("images need the package `sharp`, which could not be loaded", {
        help: "install it: npm install sharp@0.35.5",
        cause: thrown,
      });
    },
  );
  return loaded;
}

/** Colour profiles are ignored, because no browser can be relied on to apply them in the same way. */
const options: SharpOptions = { ignoreIcc: true };

/** @throws Error with sharp's reason when the file is no image that it knows. */
export async function readImageHeader(path: string): Promise<ImageHeader> {
  const sharp = await loadSharp();
  const header = await sharp(path, options).metadata();
  const colourChannels = header.channels - (header.hasAlpha ? 1 : 0);
  return { height: header.autoOrient.height, width: header.autoOrient.width, colour: colourChannels >= 3 };
}

/**
 * 8-bit sRGB, turned as EXIF says, alpha dropped without compositing. Grey stays grey where sharp keeps it so.
 *
 * @throws Error with sharp's reason for corrupt, truncated and unsupported files.
 */
async function decodeImage(path: string): Promise<DecodedImage> {
  const sharp = await loadSharp();
  const image: Sharp = sharp(path, options).autoOrient().toColourspace("srgb").removeAlpha().raw({ depth: "uchar" });
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  if (info.channels !== 1 && info.channels !== 3) throw new Error(`decodes to ${info.channels} channels`);
  return { height: info.height, width: info.width, channels: info.channels, pixels: data };
}

/**
 * One image file as the network will see it.
 *
 * @returns u8 [H][W][C]
 * @throws Error with the decoder's reason when it cannot be read
 */
export async function loadImage(path: string, settings: ImageSettings): Promise<Uint8Array> {
  const { height, width, channels, pixels } = await decodeImage(path);
  return fitPicture(convertChannels({ height, width, channels, data: pixels }, settings.channels), settings).data;
}
