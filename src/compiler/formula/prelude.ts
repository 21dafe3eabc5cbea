/** @file The built-in families and activations: text in the language, parsed and checked like a user's. */

import type { Source } from "../diagnostics/diagnostic.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import { parse } from "../syntax/parser.ts";
import type { ScalarFormula } from "./formula.ts";
import { analyseFormula } from "./formula.ts";

/** Here for compilers without a file system; grammar/prelude.spec, for readers and editors, is written from it. */
export const preludeText: string = `\
spec 1

# The built-in families and activations, in the language itself. \`free\`,
# \`leaky\` and \`softmax\` alone are rows of the compiler.

# Wood & Larson 2021: two slopes for each of the real and the imaginary part.
filter linear(
  s1 ~ normal(0, 1.2 / sqrt(fan)),
  s2 ~ normal(0, 1.2 / sqrt(fan))
) = s1 * u + s2 * v

# Wood & Larson 2021, with the precision matrix as a triangular factor, so that
# it is positive definite whatever training does.
filter gaussian(
  g ~ normal(0, 1.8 / sqrt(fan)),
  mu: 0..0.5 ~ uniform(0, 0.5),
  mv: -0.5..0.5 ~ uniform(-0.5, 0.5),
  a: positive ~ loguniform(2, 16),
  b: positive ~ loguniform(2, 16),
  c ~ normal(0, 1)
) = g * exp(-0.5 * ((a * (u - mu) + c * (v - mv))^2 + (b * (v - mv))^2))

activation relu(x) = max(0, x)

activation elu(x) = max(0, x) + exp(min(x, 0)) - 1

# The tanh form: 0.7978845608 is sqrt(2 / pi).
activation gelu(x) = 0.5 * x * (1 + tanh(0.7978845608 * (x + 0.044715 * x^3)))

activation tanh(x) = tanh(x)

activation sigmoid(x) = sigmoid(x)
`;

const preludeSource: Source = { name: "prelude.spec", text: preludeText };

export interface Prelude {
  readonly filters: ReadonlyMap<string, ScalarFormula>;
  readonly activations: ReadonlyMap<string, ScalarFormula>;
}

let loaded: Prelude | undefined;

/** The formulas by name. Their spans are places in `preludeSource`. */
export function prelude(): Prelude {
  loaded ??= load();
  return loaded;
}

function load(): Prelude {
  const { file, diagnostics } = parse(preludeSource);
  if (file === undefined) return bug(`the prelude does not parse: ${diagnostics.map(({ title }) => title).join("; ")}`);
  const filters = new Map<string, ScalarFormula>();
  const activations = new Map<string, ScalarFormula>();
  for (const item of file.items) {
    if (item.kind !== "filter" && item.kind !== "activation") return bug(`the prelude declares a ${item.kind}`);
    const formula = analyseFormula(item, ({ title }) => bug(`in the prelude, \`${item.name.text}\`: ${title}`));
    if (formula !== undefined) (item.kind === "filter" ? filters : activations).set(formula.name, formula);
  }
  return { filters, activations };
}
