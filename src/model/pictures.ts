/** @file From an image of an application to the values that a network takes, as in training (docs/numerics.md#from-images-to-numbers). */

import type { PlanInput } from "../plan/plan.ts";
import type { Picture, Standardisation } from "../runtime/pixels.ts";
import { convertChannels, fitPicture, pixelsToValues, valueTable } from "../runtime/pixels.ts";
import { ModelError, refuseNonFinite } from "./model-error.ts";

/** Bytes of an image, rows from the top, channels interleaved: grey, grey and alpha, RGB, or RGBA as in `ImageData`. */
interface PixelData {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/**
 * What the network is to see. A `Float32Array` is taken as it is: the values `[channels][height][width]`, or `[channels][length]`
 * of a signal. A `Blob` is an image file.
 */
export type ImageSource = Float32Array | PixelData | Blob | Drawable;
type Drawable = Exclude<CanvasImageSource, SVGImageElement>;

/** Writes images as network values, one after the other. */
export class ImageReader {
  readonly #input: PlanInput;
  readonly #table: Float32Array;
  readonly itemSize: number;

  /** @param statistics what `standardise` measured; null: none is applied */
  constructor(input: PlanInput, statistics: Standardisation | null) {
    this.#input = input;
    this.#table = valueTable(input, statistics);
    this.itemSize = input.height * input.width * input.channels;
  }

  /**
   * @param offset element of `target` where the image begins
   * @throws ModelError for what is no image, or has the wrong size
   */
  async write(source: ImageSource, target: Float32Array, offset: number): Promise<void> {
    const { kind, height, width, channels } = this.#input;
    if (source instanceof Float32Array) {
      if (source.length !== this.itemSize) {
        throw new ModelError(`the network takes [${channels}, ${height}, ${width}], that is ${this.itemSize} values, got ${source.length}`);
      }
      refuseNonFinite(source);
      target.set(source, offset);
      return;
    }
    if (kind === "signal") throw new ModelError("a network of signals takes a Float32Array");
    pixelsToValues(await this.bytes(source), channels, this.#table, target, offset);
  }

  /** Rows from the top, channels interleaved, at the size of the network. @throws ModelError for what has no pixels */
  async bytes(source: Exclude<ImageSource, Float32Array>): Promise<Uint8Array> {
    return fitPicture(convertChannels(await pictureOf(source), this.#input.channels), this.#input).data;
  }
}

async function pictureOf(source: Exclude<ImageSource, Float32Array>): Promise<Picture> {
  if (isPixelData(source)) return bytesOf(source);
  if (typeof Blob !== "undefined" && source instanceof Blob) {
    if (typeof createImageBitmap === "undefined")
      throw new ModelError("image files can be decoded in a browser only: hand over { width, height, data }");
    // Profiles are ignored in training too, because not every host can apply them.
    const bitmap = await createImageBitmap(source, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
    try {
      return draw(bitmap, bitmap.width, bitmap.height);
    } finally {
      bitmap.close();
    }
  }
  const [width, height] = sizeOf(source);
  if (width > 0 && height > 0 && typeof OffscreenCanvas !== "undefined") return draw(source as Drawable, width, height);
  throw new ModelError("this is no image with pixels: hand over an ImageBitmap, ImageData, an image file as a Blob, or a Float32Array");
}

function isPixelData(source: unknown): source is PixelData {
  const data = (source as Partial<PixelData> | null | undefined)?.data;
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray;
}

function bytesOf({ width, height, data }: PixelData): Picture {
  const channels = data.length / (width * height);
  if (!(width > 0 && Number.isInteger(width) && Number.isInteger(height) && [1, 2, 3, 4].includes(channels))) {
    throw new ModelError(`${data.length} bytes are no image of ${width}x${height} with 1 to 4 channels`);
  }
  return { width, height, channels, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** In its own pixels, whatever size a page shows it at. */
function sizeOf(source: unknown): readonly [number, number] {
  const known = (source ?? {}) as Readonly<Record<string, unknown>>;
  for (const [width, height] of [
    ["naturalWidth", "naturalHeight"],
    ["videoWidth", "videoHeight"],
    ["displayWidth", "displayHeight"],
    ["width", "height"],
  ]) {
    if (typeof known[width] === "number" && typeof known[height] === "number") return [known[width], known[height]];
  }
  return [0, 0];
}

function draw(source: Drawable, width: number, height: number): Picture {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new ModelError("this host has no canvas to read pixels with");
  try {
    context.drawImage(source, 0, 0, width, height);
  } catch (error) {
    throw new ModelError(`this image cannot be drawn: ${String(error)}`);
  }
  return bytesOf(context.getImageData(0, 0, width, height));
}
