/**
 * @file The gradient of a filter's plane never reaches memory: where it arises, the gradients of the filter's parameters are summed up.
 *
 * Before: `%8 = spectralProductGradient(%1, %2, %7) { spectra, filters }`, `%9 = extra(%8)`, `%10 = expandGradient(%9, %3) { sum of 16 }`.
 * After: `%8 = spectralProductGradient(%1, %2, %7, %3) { spectra, filters, formula }`, `%9 = extra(%8)`, `%10 = parameterSums(%9)`.
 */

import type { Graph, Node } from "../graph/graph.ts";
import { rewrite, topological } from "../graph/graph.ts";
import { usesIn } from "../graph/uses.ts";
import type { ExpandAttrs } from "../kernels/filter-bins.ts";
import { mostAccumulators } from "../kernels/filter-bins.ts";
import { expandGradient } from "../ops/expand.ts";
import { extra, extraOf } from "../ops/extra.ts";
import { parameter } from "../ops/leaves.ts";
import { parameterSums } from "../ops/parameter-sums.ts";
import type { SpectralProductGradientAttrs } from "../ops/spectral-product-gradient.ts";
import { spectralProductGradient } from "../ops/spectral-product-gradient.ts";
import type { Pass, PassContext } from "./pass.ts";
import { savings } from "./pass.ts";

export const fuseParameters: Pass = {
  name: "fuse-parameters",
  description: "sums up the gradients of filter parameters where the gradients of filter planes arise",
  run(graph, context) {
    const found = findGradients(graph, context);
    return rewrite(graph, (node, inputs, builder) => {
      const product = found.find((other) => other.product === node);
      if (product !== undefined)
        return spectralProductGradient.build(builder, [...inputs, ...product.parameters], { ...product.attrs, expanded: product.expanded });
      if (found.some((other) => other.part === node)) return extraOf(builder, inputs[0], 0);
      const gradient = found.find((other) => other.gradient === node);
      if (gradient === undefined) return undefined;
      const sums = parameterSums.build(builder, [inputs[0]], { parts: gradient.expanded.parts });
      context.note({ layer: node.origin.layer, text: `gradients of filter planes stay in registers: ${savings([node], [sums])}` });
      return sums;
    });
  },
};

interface Gradient {
  /** From the planes' gradients to those of the parameters. */
  readonly gradient: Node;
  readonly expanded: ExpandAttrs;
  readonly parameters: readonly Node[];
  readonly product: Node;
  readonly attrs: SpectralProductGradientAttrs;
  /** The planes' gradients: the product's only result, or a further one. */
  readonly part: Node;
}

function findGradients(graph: Graph, context: PassContext): readonly Gradient[] {
  const uses = usesIn(graph);
  return topological(graph).flatMap((gradient): readonly Gradient[] => {
    const attrs = expandGradient.match(gradient);
    if (attrs?.images === undefined) return [];
    const { images: _, ...expanded } = attrs;
    const [part, ...parameters] = gradient.inputs;
    const product = extra.match(part) === undefined ? part : part.inputs[0];
    const made = spectralProductGradient.match(product);
    if (made === undefined || !uses.lone(part) || parameters.some((node) => parameter.match(node) === undefined)) return [];
    const count = parameters.length * expanded.parts;
    if (count <= mostAccumulators) return [{ gradient, expanded, parameters, product, attrs: made, part }];
    context.note({
      layer: gradient.origin.layer,
      text: `gradients of filter planes go through memory: no kernel makes ${count} sums at once`,
    });
    return [];
  });
}
