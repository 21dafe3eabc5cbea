/** @file Small kernels slide over planes: every invocation makes a tile of pixels of a few planes, with the weights in workgroup memory. */

import { Limitation } from "../diagnostics/diagnostic.ts";
import type { LowerContext, Port } from "../lower/context.ts";
import { usualSchedule } from "../lower/knobs.ts";
import type { Declaration, Names } from "../lower/names.ts";
import type { Pair, SlidingWindow, WindowAxis } from "./plane-window.ts";
import { evenTile, originOf, positionOf, RowLoads, reachedOffsets, tapBlock } from "./plane-window.ts";
import { boundOf, boundsTable, splitIndex } from "./strided.ts";

/**
 * y[b, f, m, n] = sum over c, i, j of weight(f, c, i, j) x[b, c, m s + i + start, n s + j + start]. Read 0 is x, read 1 holds the
 * weights. With phases, m and n count the pixels of one phase, and every phase has weights and starts of its own.
 */
export interface Correlation extends SlidingWindow {
  /** Row m of phase p of y is its row m * phases + p. */
  readonly phases: Pair;
  /** A number, or WGSL (modulo 2^32) of the variables `phase0`, `phase1`. */
  readonly start: readonly [vertical: number | string, horizontal: number | string];
  /** WGSL of `f`, `c`, `i`, `j` and the phases: where read 1 holds the weight, and whether it does (otherwise it is 0). */
  readonly weight: { readonly index: string; readonly exists?: string };
}

/**
 * Measured on a software driver: 4x4 pixels of 4 planes are 1.7 times as fast as 1x4 of 8; 4x4 of 8 is no faster and compiles
 * longer. Weights in workgroup memory are 1.3 times as fast as in a uniform buffer.
 */
const mostPlanes = 4;
/** By the number of planes. */
const vectors = ["f32", "f32", "vec2f", "vec3f", "vec4f"] as const;

/**
 * About how often an element of a read is loaded: a pixel for every few planes and twice where tiles overlap, a weight by
 * every workgroup.
 */
export function correlationReuse(targetCount: number, filters: number, read: number): number {
  return read === 0
    ? 2 * Math.ceil(filters / mostPlanes)
    : Math.max(1, targetCount / filters / (usualSchedule.windowLanes * usualSchedule.windowPixels));
}

/** How the work is cut. Pairs are vertical, horizontal. */
interface Tiling {
  readonly tile: Pair;
  readonly tiles: Pair;
  /** Planes per tile, and how often. */
  readonly planes: number;
  readonly planeTiles: number;
  /** Taps that are unrolled, and how many such pieces make the kernel. */
  readonly block: Pair;
  readonly blocks: Pair;
  /** Channels whose weights are in workgroup memory at a time. */
  readonly chunk: number;
}

function tilingOf(sum: Correlation, { target: { workgroupBytes, windowPixels }, origin: { span } }: LowerContext): Tiling {
  const size: Pair = [Math.ceil(sum.target[0] / sum.phases[0]), Math.ceil(sum.target[1] / sum.phases[1])];
  const width = evenTile(size[1], size[0] === 1 ? windowPixels : 4);
  const tile: Pair = [evenTile(size[0], Math.floor(windowPixels / width)), width];
  // The weights of one channel, at least, are in workgroup memory: of fewer planes where the kernel is very large.
  for (const most of [mostPlanes, 2, 1]) {
    const planes = evenTile(sum.filters, most);
    const block = tapBlock(sum.kernel, tile, sum.stride, planes);
    const blocks: Pair = [Math.ceil(sum.kernel[0] / block[0]), Math.ceil(sum.kernel[1] / block[1])];
    const weights = block[0] * blocks[0] * block[1] * blocks[1];
    const fitting = Math.floor(workgroupBytes / ((most === mostPlanes ? 16 : 4 * planes) * weights));
    if (fitting === 0) continue;
    return {
      tile,
      tiles: [Math.ceil(size[0] / tile[0]), Math.ceil(size[1] / tile[1])],
      planes,
      planeTiles: Math.ceil(sum.filters / planes),
      block,
      blocks,
      chunk: Math.ceil(sum.channels / Math.ceil(sum.channels / fitting)),
    };
  }
  throw new Limitation(`a spatial kernel of ${sum.kernel.join("x")} has too many weights`, {
    span,
    help: "use `conv spectral free`, whose filters are as large as the image",
  });
}

export function emitCorrelation(context: LowerContext, sum: Correlation, output: Port): void {
  const tiling = tilingOf(sum, context);
  const { tile, tiles, planes, planeTiles, block, blocks, chunk } = tiling;
  const lanes = context.target.windowLanes;
  const phases = sum.phases[0] * sum.phases[1];
  const count = sum.batch * tiles[0] * tiles[1];
  const taps: Pair = [block[0] * blocks[0], block[1] * blocks[1]];
  const moves = [blocks[0] > 1, blocks[1] > 1] as const;
  const axes = ([0, 1] as const).map(
    (axis): WindowAxis => ({
      size: sum.source[axis],
      tiles: tiles[axis],
      step: tile[axis] * sum.stride[axis],
      start: sum.start[axis],
      moves: moves[axis],
      wrap: sum.wrap,
    }),
  );
  const columns = new RowLoads("x", axes[1], 0, reachedOffsets(tile[1], sum.stride[1], block[1]));
  const store = new TileStore(sum, tiling, output.refs[0].type.dtype === "f32");
  const origins = [moves[0] ? "row + i0" : "row", moves[1] ? "column + j0" : "column"];
  const weights = block[0] * block[1];
  const channel = (names: Names): readonly string[] => [
    `let plane = (b * ${sum.channels}u + ${chunk < sum.channels ? "first + c" : "c"}) * ${sum.source[0]}u;`,
    ...(moves[0] ? [`for (var i0 = 0u; i0 < ${boundOf(names.table(0), 2)}; i0 += ${block[0]}u) {`] : []),
    ...(moves[1] ? [`for (var j0 = 0u; j0 < ${boundOf(names.table(0), 3)}; j0 += ${block[1]}u) {`] : []),
    ...[...Array(weights).keys()].map((tap) => {
      const at = Math.floor(tap / block[1]) * taps[1] + (tap % block[1]);
      const moved = `${moves[0] ? ` + i0 * ${taps[1]}u` : ""}${moves[1] ? " + j0" : ""}`;
      return `let w${tap} = ${names.own("weights")}[c * ${taps[0] * taps[1]}u${moved} + ${at}u];`;
    }),
    ...(moves[1] ? columns.setup(origins[1]) : []),
    ...reachedOffsets(tile[0], sum.stride[0], block[0]).flatMap((offset) => {
      const { at, inside } = positionOf(axes[0], origins[0], offset);
      // Outside of the plane its last row is read, and dropped.
      const row = inside === undefined ? at : `min(${at}, ${sum.source[0] - 1}u)`;
      return [
        `let line${offset} = (plane + ${row}) * ${sum.source[1]}u;`,
        ...(inside === undefined ? [] : [`let inLine${offset} = ${inside};`]),
        ...columns.load(names, `x${offset}n`, `line${offset}`, origins[1], inside === undefined ? undefined : `inLine${offset}`),
        ...products(tiling, sum.stride, offset),
      ];
    }),
    ...moves.filter(Boolean).map(() => `}`),
  ];
  context.groups({
    title: sum.title,
    groups: planeTiles * phases * Math.ceil(count / lanes),
    size: lanes,
    reads: sum.reads,
    writes: [output],
    wideReads: columns.wide ? [0] : [],
    wideWrites: store.wide ? [0] : [],
    tables: [boundsTable([sum.channels, planes, ...taps])],
    declarations: weightDeclarations(sum, tiling, taps),
    body: (names) => {
      const bound = boundOf(names.table(0), 0);
      const chunked = chunk < sum.channels;
      return [
        `let planeTile = group % ${planeTiles}u * ${planes}u;`,
        `let phase0 = group / ${planeTiles}u % ${phases}u / ${sum.phases[1]}u;`,
        `let phase1 = group / ${planeTiles}u % ${sum.phases[1]}u;`,
        `let id = group / ${planeTiles * phases}u * ${lanes}u + lane;`,
        `let tile = min(id, ${count - 1}u);`,
        ...splitIndex("tile", [sum.batch, ...tiles], "at").map((line, axis) =>
          line.replace(`let at${axis} `, `let ${["b", "tileRow", "tileColumn"][axis]} `),
        ),
        `let row = ${originOf(axes[0], "tileRow")};`,
        `let column = ${originOf(axes[1], "tileColumn")};`,
        ...(moves[1] ? [] : columns.setup(origins[1])),
        ...[...Array(tile[0] * tile[1]).keys()].map((cell) => `var sum${cell} = ${vectors[planes]}();`),
        ...(chunked ? [`for (var first = 0u; first < ${bound}; first += ${chunk}u) {`, `workgroupBarrier();`] : []),
        `for (var t = lane; t < ${chunk * taps[0] * taps[1]}u; t += ${lanes}u) ` +
          `{ ${names.own("weights")}[t] = ${names.own("weightsAt")}(planeTile, ${chunked ? "first, " : ""}t, phase0, phase1); }`,
        `workgroupBarrier();`,
        `for (var c = 0u; c < ${chunked ? `min(${chunk}u, ${bound} - first)` : bound}; c++) {`,
        ...channel(names),
        `}`,
        ...(chunked ? [`}`] : []),
        ...store.lines(names),
      ].join("\n  ");
    },
  });
}

/** Everything that the window row `offset` adds to the sums of the tile. */
function products({ tile, block }: Tiling, stride: Pair, offset: number): string[] {
  const lines: string[] = [];
  for (let p = 0; p < tile[0]; p++) {
    const i = offset - p * stride[0];
    if (i < 0 || i >= block[0]) continue;
    for (let q = 0; q < tile[1]; q++)
      for (let j = 0; j < block[1]; j++) {
        lines.push(`sum${p * tile[1] + q} += x${offset}n${q * stride[1] + j} * w${i * block[1] + j};`);
      }
  }
  return lines;
}

/** The weights of a few planes side by side, channel by channel and tap by tap. */
function weightDeclarations(
  { weight, filters, kernel, channels }: Correlation,
  { planes, chunk }: Tiling,
  taps: Pair,
): readonly Declaration[] {
  const exists = [
    ...(taps[0] > kernel[0] ? [`i < ${kernel[0]}u`] : []),
    ...(taps[1] > kernel[1] ? [`j < ${kernel[1]}u`] : []),
    ...(weight.exists === undefined ? [] : [weight.exists]),
  ].join(" && ");
  const chunked = chunk < channels;
  const each = (weightAt: string): readonly string[] =>
    [...Array(planes).keys()].map(
      (step) => `${weightAt}(${filters % planes === 0 ? `f + ${step}u` : `min(f + ${step}u, ${filters - 1}u)`}, c, i, j, phase0, phase1)`,
    );
  return [
    { kind: "workgroup", name: "weights", element: vectors[planes], count: chunk * taps[0] * taps[1] },
    {
      kind: "fn",
      name: "weightAt",
      text({ load }) {
        const value = `${load(1)}(${weight.index})`;
        const result = exists === "" ? value : `select(0.0, ${value}, ${exists})`;
        return `(f: u32, c: u32, i: u32, j: u32, phase0: u32, phase1: u32) -> f32 { return ${result}; }`;
      },
    },
    {
      kind: "fn",
      name: "weightsAt",
      text: ({ own }) =>
        [
          `(f: u32, ${chunked ? "first: u32, " : ""}t: u32, phase0: u32, phase1: u32) -> ${vectors[planes]} {`,
          `  let c = ${chunked ? "first + " : ""}t / ${taps[0] * taps[1]}u;`,
          `  let i = t / ${taps[1]}u % ${taps[0]}u;`,
          `  let j = t % ${taps[1]}u;`,
          `  return ${vectors[planes]}(${each(own("weightAt")).join(", ")});`,
          `}`,
        ].join("\n"),
    },
  ];
}

/** Stores a tile plane by plane in a rolled loop, because many stores compile for long: the sums move up by one plane each time. */
class TileStore {
  readonly #sum: Correlation;
  readonly #tiling: Tiling;
  readonly #real: boolean;

  /** @param real whether what is stored is f32: fusion may make it complex */
  constructor(sum: Correlation, tiling: Tiling, real: boolean) {
    this.#sum = sum;
    this.#tiling = tiling;
    this.#real = real;
  }

  /** Four pixels of a row go into one store. */
  get wide(): boolean {
    return this.#real && this.#sum.phases[1] === 1 && this.#sum.target[1] % 4 === 0 && this.#tiling.tile[1] % 4 === 0;
  }

  lines({ store, storeWide, table }: Names): string[] {
    const { tile, planes } = this.#tiling;
    const { filters, target } = this.#sum;
    const step = this.wide ? 4 : 1;
    const part = (cell: number): string => (planes === 1 ? `sum${cell}` : `sum${cell}.x`);
    return [
      `for (var step = 0u; step < ${boundOf(table(0), 1)}; step++) {`,
      `let f = planeTile + step;`,
      `if (id == tile${filters % planes === 0 ? "" : ` && f < ${filters}u`}) {`,
      `let target0 = (b * ${filters}u + f) * ${target[0] * target[1]}u;`,
      ...[...Array(tile[0] * tile[1]).keys()]
        .filter((cell) => cell % step === 0)
        .map((cell) => {
          const [m, n] = [this.#place(0, Math.floor(cell / tile[1])), this.#place(1, cell % tile[1])];
          const guards = [m.guard, n.guard].filter((guard) => guard !== undefined).join(" && ");
          const index = `target0 + (${m.at}) * ${target[1]}u + ${n.at}`;
          const stored = this.wide
            ? `${storeWide(0)}(${index}, vec4f(${[0, 1, 2, 3].map((next) => part(cell + next)).join(", ")}));`
            : `${store(0)}(${index}, ${part(cell)});`;
          return guards === "" ? stored : `if (${guards}) { ${stored} }`;
        }),
      `}`,
      ...(planes === 1
        ? []
        : [...Array(tile[0] * tile[1]).keys()].map((cell) => `sum${cell} = sum${cell}.${"yzw".slice(0, planes - 1)}x;`)),
      `}`,
    ];
  }

  #place(axis: 0 | 1, offset: number): { readonly at: string; readonly guard: string | undefined } {
    const { tile, tiles } = this.#tiling;
    const phases = this.#sum.phases[axis];
    const size = this.#sum.target[axis];
    const own = `${["tileRow", "tileColumn"][axis]} * ${tile[axis]}u + ${offset}u`;
    const at = phases === 1 ? own : `(${own}) * ${phases}u + phase${axis}`;
    const exact = tiles[axis] * tile[axis] * phases === size;
    return { at, guard: exact ? undefined : `${at} < ${size}u` };
  }
}
