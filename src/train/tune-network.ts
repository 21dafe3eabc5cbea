/** @file Tunes one network on one adapter: every candidate is compiled, compared with the class's own schedule, and timed. */

import type { Compiled } from "../compiler/compile.ts";
import type { Schedule } from "../compiler/lower/knobs.ts";
import { scheduleOf } from "../compiler/lower/knobs.ts";
import type { Target } from "../compiler/lower/target.ts";
import { sha256 } from "../data/cache-folder.ts";
import type { Plan } from "../plan/plan.ts";
import type { Device } from "../runtime/device.ts";
import { initialiseParams } from "../runtime/initialise.ts";
import type { Session } from "../runtime/session.ts";
import { openSession } from "../runtime/session.ts";
import { sampleInputs } from "./sample-inputs.ts";
import type { Candidate, Refusal, TuneOptions, TuneResult } from "./tune.ts";
import { tune } from "./tune.ts";

export interface TuneNetworkOptions extends Pick<TuneOptions, "budgetMs" | "signal" | "onTrial" | "knobs"> {
  readonly device: Device;
  /** The class of the adapter; its schedule is the start, and what candidates are compared with. */
  readonly target: Target;
  /** The programs that are timed and compared: `train` and `gradient`, or `infer`. */
  readonly compile: (target: Target) => Compiled;
}

/** What a program is timed by: the training step where there is one. */
function timedProgram(plan: Plan): "train" | "infer" {
  return "train" in plan.programs ? "train" : "infer";
}

/** Equal for programs that send the same work to the device, whatever they are called. */
export function programHash(plan: Plan): string {
  return sha256(
    Object.entries(plan.programs).map(([name, { steps }]) => [name, steps.map(({ kernel, grid }) => [plan.kernels[kernel].wgsl, grid])]),
  );
}

export async function tuneNetwork({ device, target, compile, ...search }: TuneNetworkOptions): Promise<TuneResult> {
  const seen = new Set<string>();
  let right: Results | undefined;
  const open = async (schedule: Schedule): Promise<Candidate | Refusal> => {
    // The start is opened once more at the end, to be compared with the result.
    const again = JSON.stringify(schedule) === JSON.stringify(scheduleOf(target));
    try {
      const { plan } = compile({ ...target, ...schedule });
      const hash = programHash(plan);
      if (seen.has(hash) && !again) return { refused: "the same program", known: true };
      seen.add(hash);
      const session = await openSession(plan, device);
      try {
        const results = await resultsOf(session);
        const wrong = right === undefined ? undefined : disagreement(right, results);
        right ??= results;
        if (wrong === undefined) return await ready(session);
        await session.close();
        return { refused: wrong, known: false };
      } catch (error) {
        await session.close();
        throw error;
      }
    } catch (error) {
      // A candidate may be too large for the adapter, or hit a mistake of its driver or of ours: the others are still good.
      if (device.failure !== undefined || again) throw error;
      return { refused: error instanceof Error ? error.message : String(error), known: false };
    }
  };
  return tune({ ...search, start: scheduleOf(target), open });
}

/** Short programs are queued until a measurement takes this long, or so many of them. */
const leastMs = 10;
const mostQueued = 20;

async function ready(session: Session): Promise<Candidate> {
  const program = timedProgram(session.plan);
  const inputs = sampleInputs(session.plan, program);
  const time = async (queued: number): Promise<number> => {
    const started = performance.now();
    await Promise.all(Array.from({ length: queued }, () => session.run(program, inputs, [program === "train" ? "loss" : "outputs"])));
    return (performance.now() - started) / queued;
  };
  const queued = Math.max(1, Math.min(mostQueued, Math.ceil(leastMs / (await time(1)))));
  return { run: () => time(queued), close: () => session.close() };
}

type Results = Readonly<Record<string, Float32Array>>;

/** Of every program on the first parameters; the training step leaves them as they are. */
async function resultsOf(session: Session): Promise<Results> {
  await session.writeParams(initialiseParams(session.plan, 0));
  const results: Record<string, Float32Array> = {};
  for (const program of Object.keys(session.plan.programs)) {
    const wanted = program === "train" ? ["loss", "outputs"] : undefined;
    for (const [name, values] of Object.entries(await session.run(program, sampleInputs(session.plan, program), wanted)))
      results[`${program} ${name}`] = values;
  }
  return results;
}

/** For two schedules on one adapter: twice what one of them is granted (docs/numerics.md#tolerances). Gradients by their own norm. */
const tolerated = { value: 2e-5, gradient: 2e-4 };

/** What two schedules compute differently, or undefined. */
export function disagreement(right: Results, found: Results): string | undefined {
  for (const [name, values] of Object.entries(right)) {
    const others = found[name];
    const isGradient = name.startsWith("gradient grad.");
    const norm = distance(values, () => 0);
    const scale = isGradient ? norm : Math.max(1, norm);
    const error = distance(values, (i) => others[i]) / (scale === 0 ? 1 : scale);
    const most = isGradient ? tolerated.gradient : tolerated.value;
    if (!(error <= most))
      return `${name.replace(/^gradient /, "")} differs by ${error.toExponential(1)}, and ${most.toExponential(0)} is tolerated`;
  }
  return undefined;
}

function distance(values: Float32Array, other: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i] - other(i)) ** 2;
  return Math.sqrt(total);
}
