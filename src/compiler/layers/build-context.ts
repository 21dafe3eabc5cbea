/** @file What the build functions of layers see of the graph that is built, and of their own place in the network. */

import type { Words } from "../../plan/threefry.ts";
import type { GraphBuilder, Node } from "../graph/graph.ts";
import type { LayerType } from "../network/types.ts";

/** Where layers that draw are active: in training. */
interface Draws {
  /** The number of the step, i32 [1]. */
  readonly step: Node;
  /** Each image's position in the batch, i32 [B]. */
  readonly positions: Node;
  /** The words of stream(5, ordinal of the layer among those that draw) (docs/numerics.md#random-numbers). */
  readonly key: Words;
}

/** One layer of one network. Images are [B][C][H][W], spectra [B][C][H][K] complex, vectors [B][N]. */
export interface BuildContext {
  readonly builder: GraphBuilder;
  /** B. */
  readonly batch: number;
  /** The types of what the layer gets and gives. */
  readonly inputs: readonly LayerType[];
  readonly output: LayerType;
  /** A tensor of the layer by name, as stored (the raw value of a constrained parameter). */
  readonly param: (name: string) => Node;
  /** Undefined where a layer that draws is the identity, and in all others. */
  readonly draws: Draws | undefined;
  /**
   * k y, k the layer's measured `scale` (docs/numerics.md#calibration). Programs that measure also return the mean square of
   * `image()`: y, or its inverse transform where y is a spectrum.
   */
  readonly calibrate: (y: Node, image?: () => Node) => Node;
  /** Notes the inputs of a dense layer, for the check of a head's reach. */
  readonly reach: (x: Node) => void;
  /** Notes the filters of the layer, complex planes of the half spectrum, for pictures. */
  readonly filters: (plane: Node) => void;
}
