/** @file Patterns of contractions: `bchk,fhk->bfhk` stands for every contraction of that structure, whatever its labels are called. */

import type { Node } from "../graph/graph.ts";
import type { ContractAttrs } from "../ops/contract.ts";
import { contractOp, parseFormula } from "../ops/contract.ts";

/** Labels of a contraction by those of the pattern that it matches. */
export type Labels = ReadonlyMap<string, string>;

/** @param conjugate which inputs must enter conjugated; the others must not */
export function pattern(formula: string, conjugate: readonly boolean[] = []): ContractAttrs {
  return parseFormula(formula, conjugate);
}

/** The labels of the contraction `node`, in the order of its inputs, if renaming makes it the pattern. */
export function matchContraction(node: Node, wanted: ContractAttrs): Labels | undefined {
  const attrs = contractOp.match(node);
  if (attrs === undefined || attrs.inputs.length !== wanted.inputs.length) return undefined;
  if (attrs.conjugate.some((flag, side) => flag !== wanted.conjugate[side])) return undefined;
  const [own, given] = [attrs, wanted].map(({ inputs, output }) => [...inputs, output]);
  const labels = new Map<string, string>();
  for (const [position, word] of given.entries()) {
    if (own[position].length !== word.length) return undefined;
    for (const [axis, label] of [...word].entries()) {
      const known = labels.get(label) ?? own[position][axis];
      if (known !== own[position][axis]) return undefined;
      labels.set(label, known);
    }
  }
  // Two labels of the pattern are two labels.
  return new Set(labels.values()).size === labels.size ? labels : undefined;
}
