/** @file The tile of a convolution that one invocation computes: WGSL that loads a few values and multiplies all with all. */

import { blocksOf } from "./strided.ts";
import type { Blocks } from "./strided.ts";

/**
 * What one invocation computes: a few images (of input 0) times a few planes (of input 1), so that each value it loads is
 * used often. In the weight gradient channels take the place of images.
 */
export class ConvolutionTile {
  readonly images: Blocks;
  readonly planes: Blocks;
  readonly #lengths: { readonly images: number; readonly planes: number };

  constructor(images: number, planes: number) {
    this.images = blocksOf(images, largestTile.images);
    this.planes = blocksOf(planes, largestTile.planes);
    this.#lengths = { images, planes };
  }

  /** Tiles. */
  get count(): number {
    return this.images.count * this.planes.count;
  }

  /** Accumulators: `sum0`, `sum1`, ..., image by image. */
  get size(): number {
    return this.images.size * this.planes.size;
  }

  /** Where each image and plane of the tile `image`, `plane` starts in its input; past the last one the last is read. */
  bases(imageStride: number, planeStride: number): string[] {
    const element = (name: string, step: number, { count }: Blocks, length: number): string => {
      const at = step === 0 ? name : `(${name} + ${step * count}u)`;
      return (step + 1) * count <= length ? at : `min(${at}, ${length - 1}u)`;
    };
    return [
      ...steps(this.images).map((step) => `let image${step} = ${element("image", step, this.images, this.#lengths.images)} * ${imageStride}u;`),
      ...steps(this.planes).map((step) => `let plane${step} = ${element("plane", step, this.planes, this.#lengths.planes)} * ${planeStride}u;`),
    ];
  }

  /** `bases`, and the accumulators. */
  declare(imageStride: number, planeStride: number): string[] {
    return [...this.bases(imageStride, planeStride), ...[...Array(this.size).keys()].map((slot) => `var sum${slot} = 0.0;`)];
  }

  /** Adds the products of one position; the arguments are flat indices within an image and within a plane. */
  accumulate(inImage: string, inPlane: string): string[] {
    return [
      `let inImage = ${inImage};`,
      `let inPlane = ${inPlane};`,
      ...steps(this.images).map((step) => `let left${step} = load0(image${step} + inImage);`),
      ...steps(this.planes).map((step) => `let right${step} = load1(plane${step} + inPlane);`),
      ...steps(this.images).flatMap((image) => steps(this.planes).map((plane) => `sum${image * this.planes.size + plane} += left${image} * right${plane};`)),
    ].map((line) => `      ${line}`);
  }

  /** Stores every sum that exists at `index`, given WGSL for its image and its plane. */
  store(index: (image: string, plane: string) => string): string[] {
    return steps(this.images).flatMap((image) => steps(this.planes).map((plane) => {
      const [imageAt, planeAt] = [`(image + ${image * this.images.count}u)`, `(plane + ${plane * this.planes.count}u)`];
      const guards = [
        ...((image + 1) * this.images.count <= this.#lengths.images ? [] : [`${imageAt} < ${this.#lengths.images}u`]),
        ...((plane + 1) * this.planes.count <= this.#lengths.planes ? [] : [`${planeAt} < ${this.#lengths.planes}u`]),
      ];
      const store = `store0(${index(imageAt, planeAt)}, sum${image * this.planes.size + plane});`;
      return guards.length === 0 ? store : `if (${guards.join(" && ")}) { ${store} }`;
    }));
  }
}

/** Measured on a software driver: 4 x 8 sums are three times as fast as 1 x 8 (KERNELS section 8). */
export const largestTile: { readonly images: number; readonly planes: number } = { images: 4, planes: 8 };

function steps(blocks: Blocks): number[] {
  return [...Array(blocks.size).keys()];
}
