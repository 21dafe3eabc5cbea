/** @file Complex expressions: pairs of real ones. */

import { add, call, constant, divide, multiply, negate, subtract } from "./build.ts";
import type { Expr } from "./scalars.ts";

/** re + i im; real exactly when `im` is the constant 0. */
export interface ComplexExpr {
  readonly re: Expr;
  readonly im: Expr;
}

export function bothParts(value: ComplexExpr, change: (part: Expr) => Expr): ComplexExpr {
  return { re: change(value.re), im: change(value.im) };
}

export function sameElement(a: ComplexExpr, b: ComplexExpr): boolean {
  return a.re === b.re && a.im === b.im;
}

interface ComplexAlgebra {
  readonly fromReal: (re: Expr) => ComplexExpr;
  readonly add: (a: ComplexExpr, b: ComplexExpr) => ComplexExpr;
  readonly subtract: (a: ComplexExpr, b: ComplexExpr) => ComplexExpr;
  readonly multiply: (a: ComplexExpr, b: ComplexExpr) => ComplexExpr;
  readonly divide: (a: ComplexExpr, b: ComplexExpr) => ComplexExpr;
  readonly negate: (a: ComplexExpr) => ComplexExpr;
  readonly exp: (a: ComplexExpr) => ComplexExpr;
  readonly conjugate: (a: ComplexExpr) => ComplexExpr;
  /** cos x + i sin x. */
  readonly cis: (x: Expr) => ComplexExpr;
  readonly isReal: (a: ComplexExpr) => boolean;
  /** |a|^2. */
  readonly squaredMagnitude: (a: ComplexExpr) => Expr;
}

const isReal = (a: ComplexExpr): boolean => a.im === constant(0);

const product = (a: ComplexExpr, b: ComplexExpr): ComplexExpr => ({
  re: subtract(multiply(a.re, b.re), multiply(a.im, b.im)),
  im: add(multiply(a.re, b.im), multiply(a.im, b.re)),
});

const conjugate = (a: ComplexExpr): ComplexExpr => ({ re: a.re, im: negate(a.im) });

const squaredMagnitude = (a: ComplexExpr): Expr => add(multiply(a.re, a.re), multiply(a.im, a.im));

export const complex: ComplexAlgebra = {
  fromReal: (re) => ({ re, im: constant(0) }),
  add: (a, b) => ({ re: add(a.re, b.re), im: add(a.im, b.im) }),
  subtract: (a, b) => ({ re: subtract(a.re, b.re), im: subtract(a.im, b.im) }),
  multiply: product,
  divide: (a, b) => {
    if (isReal(b)) return { re: divide(a.re, b.re), im: divide(a.im, b.re) };
    const numerator = product(a, conjugate(b));
    const denominator = squaredMagnitude(b);
    return { re: divide(numerator.re, denominator), im: divide(numerator.im, denominator) };
  },
  negate: (a) => ({ re: negate(a.re), im: negate(a.im) }),
  exp: (a) => {
    const magnitude = call("exp", a.re);
    return { re: multiply(magnitude, call("cos", a.im)), im: multiply(magnitude, call("sin", a.im)) };
  },
  conjugate,
  cis: (x) => ({ re: call("cos", x), im: call("sin", x) }),
  isReal,
  squaredMagnitude,
};
