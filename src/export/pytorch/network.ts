/** @file The class `Network` of an exported PyTorch file, and the functions that its formulas become. */

import { bug } from "../../compiler/diagnostics/diagnostic.ts";
import type { ScalarFormula } from "../../compiler/formula/formula.ts";
import { hasLoss, headOf } from "../../compiler/network/head.ts";
import type { Network, NetworkNode } from "../../compiler/network/network.ts";
import type { ParamSpec } from "../../compiler/network/parameters.ts";
import { typeText } from "../../compiler/network/types.ts";
import type { Constraint } from "../../plan/plan.ts";
import { printPython, pythonNumber } from "./expr.ts";
import type { LayerContext } from "./layers.ts";
import { pythonLayer } from "./layers.ts";
import { pieces } from "./pieces.ts";

export interface NetworkText {
  /** Pieces by name. */
  readonly used: ReadonlySet<string>;
  /** One function for each formula. */
  readonly formulas: readonly string[];
  readonly network: string;
  /** The loss of one batch; absent where the network has none. */
  readonly loss: string | undefined;
  /** `model(x, logits=True)` gives what the loss takes. */
  readonly logits: boolean;
}

/** Names that a formula's function, its parameters and its values may not have. */
const keywords =
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
  "lambda nonlocal not or pass raise return try while with yield";
const known =
  "torch nn F math json struct super next iter len any float int open range zip tuple isinstance print Network CLASSES STATISTICS " +
  "to_values load_safetensors save_safetensors loss self x raw";
const reserved: ReadonlySet<string> = new Set([...keywords.split(" "), ...known.split(" "), ...pieces.map(({ name }) => name)]);

function free(name: string, taken: ReadonlySet<string>): string {
  return taken.has(name) || /^t\d+$/.test(name) ? free(`${name}_`, taken) : name;
}

/** @throws Limitation naming a layer that has no Python */
export function writeNetwork(network: Network): NetworkText {
  const used = new Set<string>(["place"]);
  const use = (name: string): void => void used.add(name);
  const formulas = new FormulaTexts(use);
  const contextOf = (node: NetworkNode): LayerContext => ({
    use,
    formula: (formula) => formulas.nameOf(formula),
    self: `self.layer("${node.path}")`,
    inputs: node.inputs.map((id) => network.nodes[id].type),
    output: node.type,
  });
  const layers = makeLayers(network, contextOf, use);
  const { lines, logits } = forwardLines(network, contextOf);
  const loss = lossText(network, use);
  const [first] = network.nodes;
  const signature = logits === undefined ? "x" : "x, logits=False";
  const text = `
class Network(nn.Module):
    """${typeText(first.type)} as values [B, C, H, W] to ${typeText(network.nodes[network.output].type)}."""

    def __init__(self):
        super().__init__()
${layers.join("\n")}

    def layer(self, path):
        return functools.reduce(lambda module, name: module._modules[name], path.split("."), self)

    def forward(self, ${signature}):
${lines.map((line) => `        ${line}`).join("\n")}
`.trim();
  return { used, formulas: formulas.texts(), network: text, loss, logits: logits !== undefined };
}

/** A function of Python for each formula; equal ones are one. */
class FormulaTexts {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>(reserved);
  readonly #texts: string[] = [];
  readonly #use: (name: string) => void;

  constructor(use: (name: string) => void) {
    this.#use = use;
  }

  nameOf(formula: ScalarFormula): string {
    const filter = formula.kind === "filter";
    const inside = new Set([...reserved, ...(filter ? ["u", "v", "r", "theta"] : [])]);
    const names = new Map(formula.params.map(({ name }) => [name, free(name, inside)]));
    const { re, im } = formula.value;
    // The value of an activation is called x here, whatever the program calls it.
    const printed = printPython(formula.complex ? [re, im] : [re], (name) => names.get(name) ?? (name === formula.input ? "x" : name));
    const params = formula.params.map(
      ({ name, constraint }) => `${names.get(name) ?? name} = ${constrained(`raw("${name}")`, constraint, this.#use)}`,
    );
    const result = printed.results.length === 2 ? `(${printed.results.join(", ")})` : printed.results[0];
    const signature = filter ? "(raw, u, v, r, theta)" : formula.params.length > 0 ? "(x, raw)" : "(x)";
    const body = [...params, ...printed.lines, `return ${result}`].map((line) => `    ${line}`).join("\n");
    const key = `${formula.name}${signature}\n${body}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    for (const call of printed.calls) this.#use(call);
    const name = free(formula.name, this.#taken);
    this.#taken.add(name);
    this.#names.set(key, name);
    this.#texts.push(`def ${name}${signature}:\n${body}`);
    return name;
  }

  texts(): readonly string[] {
    return this.#texts;
  }
}

function constrained(raw: string, constraint: Constraint, use: (name: string) => void): string {
  if (constraint.kind === "free") return raw;
  use(constraint.kind === "positive" ? "positive" : "within");
  return constraint.kind === "positive"
    ? `positive(${raw})`
    : `within(${raw}, ${pythonNumber(constraint.low)}, ${pythonNumber(constraint.high)})`;
}

/** One `place(..)` for each weight path; an activation of a dense layer has its parameters in that layer. */
function makeLayers(network: Network, contextOf: (node: NetworkNode) => LayerContext, use: (name: string) => void): readonly string[] {
  const lines: string[] = [];
  const done = new Set<string>();
  // The first is the input.
  for (const node of network.nodes.slice(1)) {
    const { make, called } = pythonLayer(node);
    if ((node.params.length === 0 && !called) || done.has(node.path)) continue;
    done.add(node.path);
    const params = new Map<string, ParamSpec>();
    for (const other of network.nodes)
      if (other.path === node.path) for (const param of other.params) if (param.trained) params.set(param.name, param);
    const { name, before = [], arguments: options } = (make ?? bug(`${node.title} has parameters`))(contextOf(node));
    const entries = [...params.values()].map((param) => `            ${JSON.stringify(param.name)}: ${startText(param, use)},`);
    const dictionary = entries.length === 0 ? "{}" : `{\n${entries.join("\n")}\n        }`;
    lines.push(`        place(self, "${node.path}", ${name}(${[...before, dictionary, ...options].join(", ")}))`);
  }
  return lines;
}

/** The raw start value, drawn by PyTorch. */
function startText({ shape, start, constraint }: ParamSpec, use: (name: string) => void): string {
  const sizes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const numbers = { constant: ["value"], normal: ["mean", "deviation"], uniform: ["low", "high"], loguniform: ["low", "high"] }[start.kind];
  const values = numbers.map((name) => pythonNumber((start as unknown as Record<string, number>)[name]));
  const drawn = `${start.kind}(${[sizes, ...values].join(", ")})`;
  use(start.kind);
  if (constraint.kind === "free") return drawn;
  use(constraint.kind === "positive" ? "raw_positive" : "raw_within");
  return constraint.kind === "positive"
    ? `raw_positive(${drawn})`
    : `raw_within(${drawn}, ${pythonNumber(constraint.low)}, ${pythonNumber(constraint.high)})`;
}

function forwardLines(
  network: Network,
  contextOf: (node: NetworkNode) => LayerContext,
): { readonly lines: readonly string[]; readonly logits: NetworkNode | undefined } {
  const users = network.nodes.map(({ id }) => network.nodes.filter(({ inputs }) => inputs.includes(id)).map((node) => node.id));
  const { logits } = headOf(network);
  // What the next layer alone reads is x; what is read later has a name that no other value takes.
  const kept = (id: number): boolean =>
    users[id].some((user) => user !== id + 1) || (id === network.output && id < network.nodes.length - 1);
  const names = network.nodes.map(({ id }) => (kept(id) ? `x${id}` : "x"));
  const lines = names[0] === "x" ? [] : [`${names[0]} = x`];
  for (const node of network.nodes.slice(1)) {
    const value = pythonLayer(node).call(
      contextOf(node),
      node.inputs.map((id) => names[id]),
    );
    if (logits !== undefined && node.id === network.output) lines.push("if logits:", `    return ${names[logits.id]}`);
    if (value !== names[node.id]) lines.push(`${names[node.id]} = ${value}${node.name === undefined ? "" : `    # ${node.name}`}`);
  }
  return { lines: [...lines, `return ${names[network.output]}`], logits };
}

/** See docs/numerics.md#losses. */
function lossText(network: Network, use: (name: string) => void): string | undefined {
  if (!hasLoss(network)) return undefined;
  const { name, targets } = network.train.loss;
  const { loss: row, result } = headOf(network);
  const lines: string[] = [];
  if (row.value === "cross entropy" && result.type.channels > 1) {
    lines.push("return F.cross_entropy(y, labels.long())");
  } else {
    use("targets");
    lines.push(`t = targets(labels.long(), y, ${pythonNumber(targets[0])}, ${pythonNumber(targets[1])})`);
    if (row.value === "cross entropy") {
      lines.push("return (torch.logsumexp(y, 1) - (y * t).sum(1)).mean()");
    } else {
      const printed = printPython([row.value], (variableName) => variableName);
      for (const call of printed.calls) use(call);
      lines.push(...printed.lines, `return (${printed.results[0]}).mean()`);
    }
  }
  return `def loss(y, labels):\n    """${name}, the mean over a batch; labels [B]."""\n${lines.map((line) => `    ${line}`).join("\n")}`;
}
