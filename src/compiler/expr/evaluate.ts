/** @file Compiles expressions to a fast f64 evaluator: a register program, without generating code. */

import { bug } from "../diagnostics/diagnostic.ts";
import { topologicalOrder } from "./build.ts";
import type { Expr, ScalarName, ScalarRow } from "./scalars.ts";
import { scalars } from "./scalars.ts";

/** Arithmetic runs inline; everything else is a call of its row. */
const inlineCodes: Partial<Record<ScalarName, number>> = { add: 1, subtract: 2, multiply: 3, divide: 4, negate: 5 };

/** Words of one step of the program: code, target, three argument registers. */
const stepLength = 5;

/**
 * Returns a function that reads `values` in the order of `variables` and writes one f64 per expression to `results`.
 * Shared nodes are computed once. The function keeps its registers, so it is not re-entrant.
 */
export function compileExprs(
  exprs: readonly Expr[],
  variables: readonly string[],
): (values: ArrayLike<number>, results: Float64Array) => void {
  const order = topologicalOrder(exprs);
  // Registers: the variables, then every constant and call in order.
  const registerOf = new Map<Expr, number>();
  const steps: { readonly row: ScalarRow; readonly fn: ScalarName; readonly target: number; readonly args: readonly number[] }[] = [];
  const initial: number[] = variables.map(() => 0);
  for (const node of order) {
    if (node.kind === "variable") {
      const position = variables.indexOf(node.name);
      if (position < 0) bug(`the variable \`${node.name}\` has no value`);
      registerOf.set(node, position);
      continue;
    }
    const target = initial.length;
    initial.push(node.kind === "constant" ? node.value : 0);
    registerOf.set(node, target);
    if (node.kind === "call") {
      steps.push({
        row: scalars[node.fn],
        fn: node.fn,
        target,
        args: node.args.map((arg) => registerOf.get(arg) ?? bug("an argument comes after its user")),
      });
    }
  }
  const registers = Float64Array.from(initial);
  const program = Int32Array.from(steps.flatMap(({ fn, target, args: [a, b = a, c = a] }) => [inlineCodes[fn] ?? 0, target, a, b, c]));
  const evaluators = steps.map((step) => step.row.evaluate);
  const outputs = Int32Array.from(exprs, (e) => registerOf.get(e) ?? bug("an expression was not compiled"));
  const variableCount = variables.length;

  return (values, results) => {
    for (let i = 0; i < variableCount; i++) registers[i] = values[i];
    for (let i = 0, at = 0; at < program.length; i++, at += stepLength) {
      const target = program[at + 1];
      const a = registers[program[at + 2]];
      const b = registers[program[at + 3]];
      switch (program[at]) {
        case 1:
          registers[target] = a + b;
          break;
        case 2:
          registers[target] = a - b;
          break;
        case 3:
          registers[target] = a * b;
          break;
        case 4:
          registers[target] = a / b;
          break;
        case 5:
          registers[target] = -a;
          break;
        default:
          registers[target] = evaluators[i](a, b, registers[program[at + 4]]);
      }
    }
    for (let i = 0; i < outputs.length; i++) results[i] = registers[outputs[i]];
  };
}
