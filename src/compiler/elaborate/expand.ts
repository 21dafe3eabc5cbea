/** @file Stages 6 to 9: expands recipes, repeats and shared layers to nodes, with types, paths and inserted transforms. */

import type { Report, Span } from "../diagnostics/diagnostic.ts";
import { Limitation } from "../diagnostics/diagnostic.ts";
import { residual } from "../layers/merge.ts";
import type { InputPlace, RowUse } from "../layers/row.ts";
import { id as identity } from "../layers/shape.ts";
import type { NetworkNode } from "../network/network.ts";
import type { LayerType } from "../network/types.ts";
import { elementsOf } from "../network/types.ts";
import type { Layer, Pipeline, Repeat, SharedDecl, Stage } from "../syntax/ast.ts";
import type { BoundLayer } from "./call.ts";
import { bindLayer, watch } from "./call.ts";
import { coerceInputs } from "./coerce.ts";
import type { Declarations } from "./declarations.ts";
import { lintNode } from "./lints.ts";
import { mergeFits } from "./merge.ts";
import { bindRecipe, repeatCount } from "./recipe.ts";
import type { SharedUse } from "./shared.ts";
import { noteSharedUse, sharedFits } from "./shared.ts";
import type { Turn } from "./turn.ts";
import { ordinal, stackEntry } from "./turn.ts";

/** A value: the id of its node. Undefined: poison, whose cause was reported. */
export type Value = number | undefined;

/** One network body, one use of a recipe, or one use of a shared layer: what names and paths are relative to. */
interface Frame {
  readonly numbers: ReadonlyMap<string, number>;
  readonly values: Map<string, Value>;
  /** How many layers of each kind there were. */
  readonly ordinals: Map<string, number>;
  /** `block.2/`. */
  readonly prefix: string;
  /** Innermost first. */
  readonly stack: readonly string[];
  readonly turn: Turn | undefined;
}

const wordCodes: ReadonlySet<string> = new Set(["S0201", "S0202", "S0203"]);

/** More nodes than this are a slip in a count, not a network. */
const maxNodes = 20_000;

export class Expander {
  readonly nodes: NetworkNode[] = [];
  readonly limitations: Limitation[] = [];
  readonly #declarations: Declarations;
  readonly #circular: ReadonlySet<string>;
  readonly #input: InputPlace;
  readonly #text: string;
  readonly #report: Report;
  readonly #shared: Map<string, SharedUse> = new Map();

  constructor(
    first: NetworkNode,
    input: InputPlace,
    declarations: Declarations,
    circular: ReadonlySet<string>,
    text: string,
    report: Report,
  ) {
    this.nodes.push(first);
    this.#text = text;
    this.#input = input;
    this.#declarations = declarations;
    this.#circular = circular;
    this.#report = report;
  }

  /** Expands the stages after `input`. */
  expand(stages: readonly Stage[]): Value {
    const frame: Frame = { numbers: new Map(), values: new Map(), ordinals: new Map(), prefix: "", stack: [], turn: undefined };
    return this.#stages(stages, 0, frame, undefined, false);
  }

  #pipeline(pipeline: Pipeline, value: Value, frame: Frame, segment: string | undefined, isBranch: boolean): Value {
    return this.#stages(pipeline.stages, value, frame, segment, isBranch);
  }

  #stages(stages: readonly Stage[], value: Value, frame: Frame, segment: string | undefined, isBranch: boolean): Value {
    let result = value;
    for (const [index, stage] of stages.entries()) {
      const named = stage.as?.text ?? (index === stages.length - 1 ? segment : undefined);
      result = this.#stage(stage, result, frame, named, isBranch && index === 0);
      if (stage.as === undefined) continue;
      frame.values.set(stage.as.text, result);
      if (result !== undefined) this.nodes[result] = { ...this.nodes[result], name: stage.as.text };
    }
    return result;
  }

  /** `segment` replaces the ordinal in the path of the stage's last layer. */
  #stage(stage: Stage, value: Value, frame: Frame, segment: string | undefined, startsBranch: boolean): Value {
    const { body } = stage;
    switch (body.kind) {
      case "layer":
        return this.#layer(body, value, frame, segment, startsBranch);
      case "group":
        return this.#pipeline(body.body, value, frame, segment, false);
      case "repeat":
        return this.#repeat(body, value, frame, segment);
    }
  }

  #repeat(repeat: Repeat, value: Value, frame: Frame, segment: string | undefined): Value {
    const count = repeatCount(repeat, frame.numbers, this.#reportIn(frame));
    if (count === undefined || Number.isNaN(count)) return undefined;
    let result = value;
    for (let index = 1; index <= count && result !== undefined; index++) {
      const [made, before, counted] = [this.nodes.length, result, new Map(frame.ordinals)];
      const inner: Frame = { ...frame, turn: { span: repeat.span, index, count } };
      const named = index === count ? segment : undefined;
      result =
        repeat.body.kind === "group"
          ? this.#pipeline(repeat.body.body, result, inner, named, false)
          : this.#layer(repeat.body, result, inner, named, false);
      if (result !== before || this.nodes.length !== made) continue;
      // Nothing but names was counted, and so it goes on.
      for (const [name, ordinal] of frame.ordinals)
        frame.ordinals.set(name, ordinal + (count - index) * (ordinal - (counted.get(name) ?? 0)));
      break;
    }
    return result;
  }

  #layer(layer: Layer, value: Value, frame: Frame, segment: string | undefined, startsBranch: boolean): Value {
    const name = layer.name.text;
    const { lets, shareds } = this.#declarations;
    const recipe = lets.get(name);
    const shared = shareds.get(name);
    const tap = frame.values.has(name) && recipe === undefined && shared === undefined;
    if (tap) return startsBranch ? frame.values.get(name) : undefined;
    // The path counts the layer even where it is poison.
    const own = `${frame.prefix}${this.#segment(name, frame, segment)}`;
    if (value === undefined || this.#circular.has(name) || name === "input") return undefined;
    if (recipe !== undefined) {
      const numbers = bindRecipe(layer, recipe, frame.numbers, this.#reportIn(frame));
      if (numbers === undefined || [...numbers.values()].some(Number.isNaN)) return undefined;
      const use = numbers.size === 0 ? name : `${name}(${[...numbers.values()].join(", ")})`;
      const inner: Frame = {
        numbers,
        values: new Map(),
        ordinals: new Map(),
        prefix: `${own}/`,
        stack: [stackEntry(use, frame.turn), ...frame.stack],
        turn: undefined,
      };
      return this.#pipeline(recipe.body, value, inner, undefined, false);
    }
    if (shared !== undefined) return this.#sharedUse(shared, layer, value, frame);
    return this.#builtIn(layer, value, frame, own);
  }

  #segment(name: string, frame: Frame, segment: string | undefined): string {
    const ordinal = (frame.ordinals.get(name) ?? 0) + 1;
    frame.ordinals.set(name, ordinal);
    return segment ?? `${name}.${ordinal}`;
  }

  /** All uses have the same paths, and so the same weights. */
  #sharedUse(decl: SharedDecl, layer: Layer, value: number, frame: Frame): Value {
    const name = decl.name.text;
    const type = this.nodes[value].type;
    const first = this.#shared.get(name);
    if (first === undefined) this.#shared.set(name, noteSharedUse(type, layer.headSpan, frame.turn));
    else if (!sharedFits(decl, first, type, layer.headSpan, frame.turn, this.#reportIn(frame))) return undefined;
    const inner: Frame = {
      numbers: new Map(),
      values: new Map(),
      ordinals: new Map(),
      prefix: `${name}/`,
      stack: [stackEntry(name, frame.turn), ...frame.stack],
      turn: undefined,
    };
    return this.#pipeline(decl.body, value, inner, undefined, false);
  }

  #builtIn(layer: Layer, value: number, frame: Frame, path: string): Value {
    const report = this.#reportIn(frame);
    // Unknown words were reported with the names, where they stand and not where they are used.
    const unreported: Report = (diagnostic) => (wordCodes.has(diagnostic.code) ? undefined : report(diagnostic));
    const bound = bindLayer(layer, { numbers: frame.numbers, values: new Set() }, this.#declarations, unreported);
    const branches = (layer.branches ?? []).map((branch) => this.#pipeline(branch, value, frame, undefined, true));
    if (bound === undefined || branches.includes(undefined)) return undefined;
    const ids = branches.filter((id) => id !== undefined);
    if (bound.row === identity) return value;
    const inputs = layer.branches === undefined ? [value] : bound.row === residual ? [value, ...ids] : ids;
    return this.#add(bound, layer, inputs, value, frame, path, report);
  }

  /** Types one layer and adds its node; `entry` is the value before its branches. */
  #add(bound: BoundLayer, layer: Layer, inputs: readonly number[], entry: number, frame: Frame, path: string, report: Report): Value {
    const { row, settings, call } = bound;
    const watched = watch(report);
    const place = { path, span: layer.headSpan, stack: stackOf(frame) };
    const takes = typeof row.takes === "string" ? row.takes : row.takes(settings);
    const coerced = coerceInputs(
      { ids: inputs, takes, title: bound.title, word: call.title, ...place },
      this.nodes,
      this.#input,
      watched.report,
      (node) => this.#push(node),
    );
    if (coerced === undefined) return undefined;
    if (
      row.branches !== undefined &&
      !mergeFits({ layer, row, settings, inputs: coerced, entry, text: this.#text }, this.nodes, watched.report)
    )
      return undefined;
    const types = coerced.map((id) => this.nodes[id].type);
    const type = row.type(types, settings, { call, input: this.#input, report: watched.report });
    if (type === undefined || watched.failed()) return undefined;
    const id = this.#push({ ...nodeOf(bound, types, type), title: bound.title, inserted: false, inputs: coerced, ...place });
    const missing = row.notBuilt?.(settings);
    if (missing !== undefined) this.#limit(`${missing.what} is not built yet`, missing.instead, layer.span);
    lintNode(this.nodes[id], call, frame.turn, this.nodes, report);
    const after = row.then?.(settings);
    if (after === undefined) return id;
    const last = after.row.type([type], after.settings, { call, input: this.#input, report }) ?? type;
    return this.#push({ ...nodeOf(after, [type], last), title: after.title, inserted: true, inputs: [id], ...place });
  }

  #push(node: Omit<NetworkNode, "id">): number {
    const id = this.nodes.length;
    if (id >= maxNodes)
      throw new Limitation(`this network has more than ${maxNodes.toLocaleString("en-US")} layers`, {
        span: node.span,
        help: "check the counts of its repeats",
      });
    if (elementsOf(node.type) > Number.MAX_SAFE_INTEGER)
      throw new Limitation(`\`${node.title}\` makes more than ${Number.MAX_SAFE_INTEGER.toLocaleString("en-US")} values`, {
        span: node.span,
        help: "check the sizes, and the counts of filters and repeats",
      });
    this.nodes.push({ ...node, id });
    return id;
  }

  #limit(message: string, help: string, span: Span): void {
    if (!this.limitations.some((known) => known.message === message && known.span?.start === span.start))
      this.limitations.push(new Limitation(message, { span, help }));
  }

  /** Adds where in the expansion it happened. */
  #reportIn(frame: Frame): Report {
    const stack = stackOf(frame);
    if (frame.stack.length === 0) return this.#report;
    return (diagnostic) => this.#report({ ...diagnostic, notes: [...(diagnostic.notes ?? []), ...stack] });
  }
}

function nodeOf(
  { row, settings }: RowUse,
  inputs: readonly LayerType[],
  type: LayerType,
): Pick<NetworkNode, "row" | "settings" | "params" | "type"> {
  return { row, settings, params: row.params(inputs, settings), type };
}

function stackOf(frame: Frame): readonly string[] {
  const { turn, stack } = frame;
  return turn === undefined ? stack : [`in the ${ordinal(turn.index)} of ${turn.count} repeats`, ...stack];
}
