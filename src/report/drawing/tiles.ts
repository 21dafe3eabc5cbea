/** @file Planes of numbers as small coloured pictures. Colours are told apart by colour-blind eyes, and in print 0 is white. */

import { pngUri } from "./picture-tools.ts";
import type { Plane } from "./spectrum.ts";

export type Colour = readonly [number, number, number];

/** Two colours for the two signs; 0 is white. */
export interface SignedScale {
  readonly negative: Colour;
  readonly positive: Colour;
}

/** Blue for the real and red for the imaginary part, as in Wood & Larson (2021), where they are positive. */
export const realScale: SignedScale = { negative: [179, 108, 0], positive: [8, 69, 160] };
export const imaginaryScale: SignedScale = { negative: [0, 120, 110], positive: [190, 20, 38] };
/** Of what lies in space: kernels and activations. */
export const spatialScale: SignedScale = { negative: [204, 102, 0], positive: [72, 31, 128] };

/** As SVG writes it. */
export function css([red, green, blue]: Colour): string {
  return `rgb(${red},${green},${blue})`;
}

/** @param value -1 to 1 */
export function signedColour(value: number, { negative, positive }: SignedScale): Colour {
  const end = value < 0 ? negative : positive;
  const strength = Math.min(1, Math.abs(value));
  return [0, 1, 2].map((channel) => Math.round(255 + (end[channel] - 255) * strength)) as unknown as Colour;
}

/**
 * Both parts at once, by magnitude: blue for the real, red for the imaginary part, black where both are 0.
 * @param real, imaginary -1 to 1
 */
export function complexColour(real: number, imaginary: number): Colour {
  const [blue, red] = [Math.min(1, Math.abs(real)), Math.min(1, Math.abs(imaginary))];
  // A little green keeps blue legible on black.
  return [Math.round(255 * red), Math.round(70 * blue), Math.round(255 * blue)];
}

/** White for 0, dark for 1. */
export function rankColour(value: number): Colour {
  const rank = Math.max(0, Math.min(1, value));
  const shade = (light: number, middle: number, dark: number): number =>
    Math.round(rank < 0.5 ? light + (middle - light) * 2 * rank : middle + (dark - middle) * (2 * rank - 1));
  return [shade(255, 74, 8), shade(255, 140, 24), shade(255, 150, 58)];
}

/** Raster pixels for each CSS pixel at least, so that the renderer has little to smooth. */
const rasterRatio = 3;

/**
 * A tile of `tileWidth` x `tileHeight` CSS pixels, one flat rectangle for each element.
 * @param colourAt of an element, by its place in the plane
 */
export function tileUri(
  { height, width }: Pick<Plane, "height" | "width">,
  tileHeight: number,
  tileWidth: number,
  colourAt: (index: number) => Colour,
): Promise<string> {
  const zoomY = Math.ceil((rasterRatio * tileHeight) / height);
  const zoomX = Math.ceil((rasterRatio * tileWidth) / width);
  const [rows, columns] = [height * zoomY, width * zoomX];
  const rgb = new Uint8Array(rows * columns * 3);
  for (let y = 0; y < height; y++) {
    const first = y * zoomY * columns * 3;
    for (let x = 0; x < width; x++) {
      const colour = colourAt(y * width + x);
      for (let copy = 0; copy < zoomX; copy++) rgb.set(colour, first + (x * zoomX + copy) * 3);
    }
    for (let copy = 1; copy < zoomY; copy++) rgb.copyWithin(first + copy * columns * 3, first, first + columns * 3);
  }
  return pngUri(rgb, rows, columns);
}

/** @param scale the magnitude of the full colour */
export function signedTile(plane: Plane, scale: number, colours: SignedScale, tileHeight: number, tileWidth: number): Promise<string> {
  return tileUri(plane, tileHeight, tileWidth, (index) => signedColour(plane.data[index] / (scale || 1), colours));
}

export function complexTile(plane: Plane, scale: number, tileHeight: number, tileWidth: number): Promise<string> {
  return tileUri(plane, tileHeight, tileWidth, (index) =>
    complexColour(plane.data[2 * index] / (scale || 1), plane.data[2 * index + 1] / (scale || 1)),
  );
}

/** A strip from -1 at the left to 1 at the right, or from 0 to 1. */
export function scaleStrip(colourOf: (value: number) => Colour, low: number, tileHeight: number, tileWidth: number): Promise<string> {
  const steps = 64;
  return tileUri({ height: 1, width: steps }, tileHeight, tileWidth, (index) => colourOf(low + ((1 - low) * index) / (steps - 1)));
}

/** Width and height of a tile of a plane: its longer side is `side`, its shorter one not below a third of that. */
export function tileSize(
  { height, width }: Pick<Plane, "height" | "width">,
  side: number,
): { readonly tileHeight: number; readonly tileWidth: number } {
  const most = Math.max(height, width);
  return { tileHeight: Math.max(side / 3, (side * height) / most), tileWidth: Math.max(side / 3, (side * width) / most) };
}

/** Three digits, without a long row of zeros. */
export function shortNumber(value: number): string {
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  return magnitude >= 1e5 || magnitude < 1e-3 ? value.toExponential(1).replace("e+", "e") : String(Number(value.toPrecision(3)));
}
