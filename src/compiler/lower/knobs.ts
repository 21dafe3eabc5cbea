/** @file The choices that kernels leave open. They change how fast a program is, and the order in which it rounds; nothing else. */

export interface Schedule {
  /** Whether fused transforms give every lane a line of its own: where exchanges between lanes are dear. */
  readonly linePerLane: boolean;
  /** Lanes of a workgroup then: 8 are a vector of a software driver. */
  readonly lineLanes: number;
  /** Invocations that a workgroup of transforms should have. */
  readonly fftLanes: number;
  /** Adjacent lines that a workgroup transforms: 8 complex numbers are 64 bytes in a row of memory. */
  readonly fftLines: number;
  /** The largest transform that a lane does in registers; smaller ones need fewer of these, and more exchanges. */
  readonly largestRadix: number;
  /** Invocations of a workgroup whose lanes each make an element of their own. */
  readonly elementLanes: number;
  /** Invocations that share the weights of a small kernel that slides over planes, and pixels that each of them makes. */
  readonly windowLanes: number;
  readonly windowPixels: number;
  /** Of a tile of a sum of products, elements along each operand. */
  readonly sumTile: number;
  /**
   * With fewer workgroups than this the device idles; each has a cost of its own. Long sums are cut into chunks until there
   * are as many.
   */
  readonly busyGroups: number;
  /** A pass of the compiler that does not pay here. */
  readonly leaveOut: "nothing" | "fuse-spectral" | "fuse-elementwise";
}

/** One choice, and what tuning tries for it. */
export interface Knob<K extends keyof Schedule = keyof Schedule> {
  readonly name: K;
  readonly values: readonly Schedule[K][];
}

function knob<K extends keyof Schedule>(name: K, values: readonly Schedule[K][]): Knob<K> {
  return { name, values };
}

/** In the order in which they are tried: what moves most comes first. */
export const knobs: readonly Knob[] = [
  knob("fftLines", [4, 8, 16, 32]),
  knob("fftLanes", [32, 64, 128, 256]),
  knob("largestRadix", [8, 16]),
  knob("windowPixels", [8, 16, 32]),
  knob("windowLanes", [32, 64, 128, 256]),
  knob("sumTile", [2, 4]),
  knob("busyGroups", [32, 64, 256, 1024]),
  knob("elementLanes", [64, 128, 256]),
  knob("leaveOut", ["nothing", "fuse-spectral", "fuse-elementwise"]),
  knob("lineLanes", [8, 16, 32, 64]),
  knob("linePerLane", [false, true]),
];

/** What most adapters do well with; measured on a software driver, modelled for graphics cards (docs/kernels.md#tuning). */
export const usualSchedule: Schedule = {
  linePerLane: false,
  lineLanes: 8,
  fftLanes: 64,
  fftLines: 8,
  largestRadix: 16,
  elementLanes: 256,
  windowLanes: 64,
  windowPixels: 16,
  sumTile: 4,
  busyGroups: 256,
  leaveOut: "nothing",
};

/** The choices of `schedule` alone, in a fixed order, of a value that may hold more. */
export function scheduleOf(schedule: Schedule): Schedule {
  return Object.fromEntries(knobs.map(({ name }) => [name, schedule[name]])) as unknown as Schedule;
}

/** Of a value that was read from a file; undefined unless it makes every choice that there is, and no other. */
export function readSchedule(value: unknown): Schedule | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const read = value as Readonly<Record<string, unknown>>;
  const known = knobs.every(({ name, values }) => (values as readonly unknown[]).includes(read[name]));
  return known && Object.keys(read).length === knobs.length ? scheduleOf(value as Schedule) : undefined;
}

/** `fftLines 16, largestRadix 8`: where `schedule` differs from `usual`; empty if nowhere. */
export function changesText(schedule: Schedule, usual: Schedule): string {
  return knobs
    .filter(({ name }) => schedule[name] !== usual[name])
    .map(({ name }) => `${name} ${String(schedule[name])}`)
    .join(", ");
}
