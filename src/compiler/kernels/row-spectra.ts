/**
 * @file Row spectra, the layout between the row and the column pass of a 2-D FFT: [planes][K][H'], y contiguous, H' = H
 * rounded up to even.
 *
 * Rows y and y + 1 are transformed together as one complex line (docs/kernels.md#row-pairs), so a pair of rows is one vec4f for
 * each kx, and a column is contiguous. Row H of an odd H only fills the last pair: what it holds has no meaning.
 */

import { halfWidth } from "../../plan/shape.ts";
import type { Port, Table } from "../lower/context.ts";
import type { Declaration } from "../lower/names.ts";
import type { ElementSink, ElementSource, LineSink } from "./fft/local.ts";

/** Of one plane. */
export interface RowSpectraSize {
  readonly H: number;
  readonly W: number;
}

/** H': rows of a plane in memory. */
export function storedRows(height: number): number {
  return height + (height % 2);
}

/** Of a row transform; `weighted` multiplies by w[kx]/N: the adjoint of the inverse. */
export function forwardScale({ H, W }: RowSpectraSize, weighted: boolean): Table {
  return weighted ? scaleTable(1 / (H * W), 2 / (H * W)) : scaleTable(1, 1);
}

/** Of an inverse row transform: 1/N, or with `weighted` N/w[kx] times that. Mirrored columns count twice in the transform itself. */
export function inverseScale({ H, W }: RowSpectraSize, weighted: boolean): Table {
  return weighted ? scaleTable(1, 0.5) : scaleTable(1 / (H * W), 1 / (H * W));
}

/** Factors of the self-conjugate and of the other columns. In a table, so that kernels with other scales share a shader. */
function scaleTable(selfConjugate: number, other: number): Table {
  return {
    key: `fft.scale.${selfConjugate}.${other}`,
    data: Float32Array.of(selfConjugate, other, 0, 0),
    type: "array<vec4f, 1>",
    space: "uniform",
  };
}

/** WGSL for where row pair `pair` of `plane` has its vec4f of column `k`. */
export function pairPlace(plane: string, k: string, pair: string, { H, W }: RowSpectraSize): string {
  return `(${plane} * ${halfWidth(W)}u + ${k}) * ${storedRows(H) / 2}u + ${pair}`;
}

/** WGSL functions of the sources and sinks below. */
export function rowDeclarations({ W }: RowSpectraSize): readonly Declaration[] {
  const fn = (name: string, lines: readonly string[]): Declaration => ({ kind: "fn", name, text: () => lines.join("\n") });
  return [
    // Z[k] = a + i b and Z[W-k] = conj a + i conj b; real parts only where k = W-k: the Hermitian projection.
    fn("rowPoint", [
      `(q: vec4f, position: u32, scale: vec4f) -> vec2f {`,
      `  let edge = position == 0u || 2u * position == ${W}u;`,
      `  let side = select(select(-1.0, 1.0, 2u * position < ${W}u), 0.0, edge);`,
      `  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);`,
      `}`,
    ]),
    fn("rowColumn", [`(position: u32) -> u32 { return min(position, ${W}u - position); }`]),
    // a = (Z[k] + conj Z[W-k]) / 2, b = (Z[k] - conj Z[W-k]) / 2i.
    fn("rowPair", [
      `(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {`,
      `  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == ${W}u);`,
      `  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);`,
      `}`,
    ]),
    fn("rowMirror", [`(k: u32) -> u32 { return select(${W}u - k, 0u, k == 0u); }`]),
  ];
}

/** Pairs of rows of real images. `line` numbers the pairs of all planes. */
export function imageSource(port: Port, { H, W }: RowSpectraSize): ElementSource {
  const pairs = storedRows(H) / 2;
  return {
    kind: "element",
    port,
    tables: [],
    load: (line, position, { load }) => {
      if (H % 2 === 0) return `vec2f(${load(0)}(${line} * ${2 * W}u + ${position}), ${load(0)}(${line} * ${2 * W}u + ${W}u + ${position}))`;
      const index = `(${line} / ${pairs}u * ${H}u + ${line} % ${pairs}u * 2u) * ${W}u + ${position}`;
      const lone = `${line} % ${pairs}u == ${pairs - 1}u`;
      return `vec2f(${load(0)}(${index}), select(${load(0)}(${index} + select(${W}u, 0u, ${lone})), 0.0, ${lone}))`;
    },
  };
}

export function imageSink(port: Port, { H, W }: RowSpectraSize): ElementSink {
  const pairs = storedRows(H) / 2;
  return {
    kind: "element",
    port,
    tables: [],
    store: (line, position, value, { store }) => {
      const first = `${line} * ${2 * W}u`;
      if (H % 2 === 0) return `${store(0)}(${first} + ${position}, ${value}.x); ${store(0)}(${first} + ${W}u + ${position}, ${value}.y);`;
      const index = `(${line} / ${pairs}u * ${H}u + ${line} % ${pairs}u * 2u) * ${W}u + ${position}`;
      return `${store(0)}(${index}, ${value}.x); if (${line} % ${pairs}u != ${pairs - 1}u) { ${store(0)}(${index} + ${W}u, ${value}.y); }`;
    },
  };
}

export function spectraSource(port: Port, size: RowSpectraSize, scale: Table): ElementSource {
  const pairs = storedRows(size.H) / 2;
  return {
    kind: "element",
    port: { ...port, pairs: true },
    tables: [scale],
    declarations: rowDeclarations(size),
    load: (line, position, { load, table, own }) => {
      const place = pairPlace(`${line} / ${pairs}u`, `${own("rowColumn")}(${position})`, `${line} % ${pairs}u`, size);
      return `${own("rowPoint")}(${load(0)}(${place}), ${position}, ${table(0)}[0])`;
    },
  };
}

export function spectraSink(port: Port, size: RowSpectraSize, scale: Table): LineSink {
  const pairs = storedRows(size.H) / 2;
  return {
    kind: "line",
    count: halfWidth(size.W),
    port: { ...port, pairs: true },
    tables: [scale],
    declarations: rowDeclarations(size),
    store: (line, k, read, { store, table, own }) => {
      const place = pairPlace(`${line} / ${pairs}u`, k, `${line} % ${pairs}u`, size);
      const pair = `${own("rowPair")}(${read(k)}, ${read(`${own("rowMirror")}(${k})`)}, ${k}, ${table(0)}[0])`;
      return `${store(0)}(${place}, ${pair});`;
    },
  };
}
