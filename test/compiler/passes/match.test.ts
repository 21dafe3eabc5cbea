/** @file Patterns of contractions match by structure, not by the letters that someone chose. */

import { describe, expect, test } from "vitest";
import { constant } from "../../../src/compiler/expr/expr.ts";
import type { Node } from "../../../src/compiler/graph/graph.ts";
import { GraphBuilder } from "../../../src/compiler/graph/graph.ts";
import { contract } from "../../../src/compiler/ops/contract.ts";
import { input } from "../../../src/compiler/ops/leaves.ts";
import { realMap } from "../../../src/compiler/ops/map.ts";
import { matchContraction, pattern } from "../../../src/compiler/passes/match.ts";

const builder = new GraphBuilder({ span: { start: 0, end: 0 }, layer: "test", role: "forward" });

function contraction(formula: string, conjugate: readonly boolean[] = []): Node {
  const operands = formula.split("->")[0].split(",");
  const nodes = operands.map((labels, index) =>
    input.build(builder, [], { name: `x${index}`, type: { shape: [...labels].map(() => 2), dtype: "c32" } }),
  );
  return contract(builder, formula, nodes, conjugate);
}

describe("a pattern", () => {
  test.each([
    ["bchk,fhk->bfhk", "bchk,fhk->bfhk", "b=b c=c h=h k=k f=f"],
    ["bchk,fhk->bfhk", "nixy,oxy->noxy", "b=n c=i h=x k=y f=o"],
    // Letters that mean something else in the pattern mean what they mean here.
    ["bchk,fhk->bfhk", "fhck,bck->fbck", "b=f c=h h=c k=k f=b"],
    ["bchw->bhw", "abcd->acd", "b=a c=b h=c w=d"],
    ["bn->", "xy->", "b=x n=y"],
  ])("%s matches %s", (wanted, formula, labels) => {
    const found = matchContraction(contraction(formula), pattern(wanted));
    expect([...(found ?? [])].map(([label, own]) => `${label}=${own}`).join(" ")).toBe(labels);
  });

  test.each([
    ["bchk,fhk->bfhk", "bfhk,fhk->bfhk", "a label that is shared"],
    ["bfhk,fhk->bfhk", "bchk,fhk->bfhk", "a label that is not shared"],
    ["bchk,fhk->bfhk", "fhk,bchk->bfhk", "operands the other way round"],
    ["bchk,fhk->bfhk", "bchk,fhk->fbhk", "another order of the output"],
    ["bchk,fhk->bfhk", "bck,fk->bfk", "fewer axes"],
    ["bchw->bhw", "bchw,c->bhw", "more operands"],
    ["bchw->bhw", "bchw->bcw", "another sum"],
  ])("%s does not match %s: %s", (wanted, formula) => {
    expect(matchContraction(contraction(formula), pattern(wanted))).toBeUndefined();
  });

  test("says what is conjugated", () => {
    const node = contraction("xy,yz->xz", [false, true]);
    expect(matchContraction(node, pattern("ij,jk->ik"))).toBeUndefined();
    expect(matchContraction(node, pattern("ij,jk->ik", [false, true]))).toBeDefined();
    expect(matchContraction(contraction("xy,yz->xz"), pattern("ij,jk->ik", [false, true]))).toBeUndefined();
  });

  test("matches nothing but contractions", () => {
    expect(matchContraction(realMap(builder, [2], [], constant(1)), pattern("b->"))).toBeUndefined();
  });
});
