/** @file Prints expressions as Python, for tensors of PyTorch. Gradients at kinks are ours (docs/numerics.md#kinks), not PyTorch's. */

import { bug } from "../../compiler/diagnostics/diagnostic.ts";
import { topologicalOrder } from "../../compiler/expr/build.ts";
import type { Expr, ScalarName } from "../../compiler/expr/scalars.ts";

interface Printed {
  readonly text: string;
  /** How tightly the outermost operator binds: `+` 1, `*` 2, a sign 3, a power 4, all else 5. */
  readonly binding: number;
}

const atom = 5;

interface Operator {
  readonly symbol: string;
  readonly binding: number;
}

/**
 * A function of the same meaning in PyTorch, an operator, or `own`: a function that the file defines itself (`scalarPieces`),
 * because PyTorch's differs at some point or in its gradient there.
 */
const forms: Readonly<Record<ScalarName, `torch.${string}` | Operator | { readonly own: string }>> = {
  add: { symbol: " + ", binding: 1 },
  subtract: { symbol: " - ", binding: 1 },
  multiply: { symbol: " * ", binding: 2 },
  divide: { symbol: " / ", binding: 2 },
  negate: { symbol: "-", binding: 3 },
  exp: "torch.exp",
  log: "torch.log",
  sqrt: { own: "square_root" },
  abs: "torch.abs",
  sign: "torch.sign",
  sin: "torch.sin",
  cos: "torch.cos",
  tanh: { own: "tanh" },
  sigmoid: "torch.sigmoid",
  softplus: { own: "softplus" },
  min: { own: "minimum" },
  max: { own: "maximum" },
  clamp: { own: "clamp" },
  step: { own: "step" },
  hypot: { own: "hypot" },
  atan2: { own: "atan2" },
  power: { own: "power" },
  greaterEqual: { own: "greater_equal" },
  select: { own: "select" },
};

/** A line is cut into named parts beyond this many characters. */
const longLine = 90;

export interface PythonText {
  /** `t0 = ...`, in order. */
  readonly lines: readonly string[];
  readonly results: readonly string[];
  /** The functions of the file that they call. */
  readonly calls: ReadonlySet<string>;
}

/** @param names a variable's name in Python */
export function printPython(exprs: readonly Expr[], names: (variable: string) => string): PythonText {
  const order = topologicalOrder(exprs);
  const uses = new Map<Expr, number>();
  for (const node of order) if (node.kind === "call") for (const arg of new Set(node.args)) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  const lines: string[] = [];
  const calls = new Set<string>();
  const printed = new Map<Expr, Printed>();
  const show = (node: Expr, binding: number): string => {
    const found = printed.get(node) ?? bug("an argument comes after its user");
    return found.binding < binding ? `(${found.text})` : found.text;
  };
  for (const node of order) {
    const text = print(node, names, show, calls);
    const shared = node.kind === "call" && (uses.get(node) ?? 0) > 1;
    if (!shared && (text.text.length <= longLine || exprs.includes(node))) {
      printed.set(node, text);
      continue;
    }
    const name = `t${lines.length}`;
    lines.push(`${name} = ${text.text}`);
    printed.set(node, { text: name, binding: atom });
  }
  return { lines, results: exprs.map((expr) => show(expr, 0)), calls };
}

export function pythonNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "math.inf" : "-math.inf";
  return String(value);
}

function print(node: Expr, names: (variable: string) => string, show: (arg: Expr, binding: number) => string, calls: Set<string>): Printed {
  if (node.kind === "constant") return { text: pythonNumber(node.value), binding: node.value < 0 ? 3 : atom };
  if (node.kind === "variable") return { text: names(node.name), binding: atom };
  const { fn, args } = node;
  const [a, b] = args;
  if (fn === "multiply" && a === b) return { text: `${show(a, atom)} ** 2`, binding: 4 };
  const form = forms[fn];
  if (typeof form === "object" && "symbol" in form) {
    const { symbol, binding } = form;
    return { text: args.length === 1 ? `${symbol}${show(a, binding)}` : `${show(a, binding)}${symbol}${show(b, binding + 1)}`, binding };
  }
  // Its slope at 0 is 0, as that of max(0, x).
  if (fn === "max" && a.kind === "constant" && a.value === 0) return { text: `torch.relu(${show(b, 0)})`, binding: atom };
  const name = typeof form === "string" ? form : form.own;
  if (typeof form === "object") calls.add(name);
  return { text: `${name}(${args.map((arg) => show(arg, 0)).join(", ")})`, binding: atom };
}
