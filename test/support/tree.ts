/** @file The tree of a text, and the layers in it. */

import type { File, Layer, Pipeline } from "../../src/compiler/syntax/ast.ts";
import { parse } from "../../src/compiler/syntax/parser.ts";

export function fileOf(text: string): File {
  const { file, diagnostics } = parse({ name: "net.spec", text });
  if (file === undefined || diagnostics.length > 0) throw new Error(`does not parse: ${JSON.stringify(diagnostics)}`);
  return file;
}

export function bodies(pipeline: Pipeline): string[] {
  return pipeline.stages.map((stage) => stage.body.kind);
}

export function firstLayer(pipeline: Pipeline): Layer {
  const [{ body }] = pipeline.stages;
  if (body.kind !== "layer") throw new Error(`a ${body.kind}`);
  return body;
}
