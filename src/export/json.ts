/** @file `--to json`: a network to read, with the values that its formulas see. */

import { compileExprs, variable } from "../compiler/expr/expr.ts";
import { constrain } from "../compiler/formula/formula.ts";
import type { NetworkNode } from "../compiler/network/network.ts";
import type { ParamSpec } from "../compiler/network/parameters.ts";
import { parameterPath } from "../compiler/network/parameters.ts";
import { shapeText } from "../compiler/network/types.ts";
import type { Constraint } from "../plan/plan.ts";
import type { ExportedModel, Exporter } from "./format.ts";

/** Raised when the meaning of a field changes. */
const jsonVersion = 1;

export const exportJson: Exporter = async (model) => {
  const { network, input, classes, scores, statistics, version } = model;
  const { kind, height, width, channels, range, mean, std, standardise, fit, antialias } = input;
  const content = {
    format: "specc network",
    version: jsonVersion,
    specc: version,
    name: network.netName ?? null,
    program: network.source.text,
    input: { kind, height, width, channels, range, mean, std, standardise, statistics, fit, antialias },
    classes,
    scores,
    output: network.output,
    layers: network.nodes.map((node) => layer(node, model)),
  };
  // Rows of numbers on one line each. A string holds no line break, so nothing inside one matches.
  const text = JSON.stringify(content, null, 2).replace(/\[\n[\s\d.,eE+-]*\]/g, (list) =>
    list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"),
  );
  return [{ suffix: ".json", content: `${text}\n` }];
};

function layer(node: NetworkNode, model: ExportedModel): object {
  const parameters = node.params.map((param) => parameter(parameterPath(node, param.name), param, model));
  return {
    id: node.id,
    path: node.path,
    layer: node.title,
    inserted: node.inserted,
    inputs: node.inputs,
    domain: node.type.domain,
    shape: shapeText(node.type),
    ...(parameters.length === 0 ? {} : { parameters }),
  };
}

/** `values` are those of the formula; `raw`, where they differ, what the optimizer moves. */
function parameter(path: string, { name, shape, constraint, trained }: ParamSpec, { values }: ExportedModel): object {
  const raw = values.get(path) ?? new Float32Array();
  const seen = constraint.kind === "free" ? raw : constrained(raw, constraint);
  return {
    name,
    path,
    shape,
    constraint,
    trained,
    values: nested(seen, shape),
    ...(constraint.kind === "free" ? {} : { raw: nested(raw, shape) }),
  };
}

function constrained(raw: Float32Array, constraint: Constraint): Float32Array {
  const run = compileExprs([constrain(variable("t"), constraint)], ["t"]);
  const result = new Float64Array(1);
  return raw.map((t) => {
    run([t], result);
    return result[0];
  });
}

type Nested = number | null | readonly Nested[];

/** Row-major numbers as lists of lists. */
function nested(data: Float32Array, shape: readonly number[]): Nested {
  const build = (axis: number, index: number): Nested =>
    axis === shape.length
      ? shortest(data[index])
      : Array.from({ length: shape[axis] }, (_, position) => build(axis + 1, index * shape[axis] + position));
  return build(0, 0);
}

/** The fewest digits that give the same f32 back; JSON has no word for what is not finite. */
function shortest(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  for (let digits = 6; digits < 9; digits++)
    if (Math.fround(Number(value.toPrecision(digits))) === value) return Number(value.toPrecision(digits));
  return Number(value.toPrecision(9));
}
