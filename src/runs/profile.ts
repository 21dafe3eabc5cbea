/** @file Where the time of a training step goes, named by kernels and lines of the program. */

import type { Source, Span } from "../compiler/diagnostics/diagnostic.ts";
import { bug } from "../compiler/diagnostics/diagnostic.ts";
import { lineAt } from "../compiler/diagnostics/render.ts";
import type { Graph } from "../compiler/graph/graph.ts";
import { topological } from "../compiler/graph/graph.ts";
import type { Network } from "../compiler/network/network.ts";
import { stepsOfRun } from "../plan/steps.ts";
import type { TensorData } from "../runtime/executor.ts";
import type { Session } from "../runtime/session.ts";
import type { ProgramTiming } from "../runtime/timing.ts";
import { fieldPlace } from "./network.ts";

/** Steps that are timed; enough for a steady median, few enough not to be waited for. */
export const timedSteps = 20;

/** All dispatches of one label. */
export interface ProfileLine {
  /** Of the time of all kernels. */
  readonly share: number;
  /** In one step. */
  readonly milliseconds: number;
  readonly dispatches: number;
  readonly kernel: string;
  /** The stage that it works for; `line` from 1. Null where no line of the program asks for it. */
  readonly place: { readonly file: string; readonly line: number; readonly text: string } | null;
}

/** Of one training step, medians in milliseconds. */
export interface Profile {
  /** How the device was timed. */
  readonly method: ProgramTiming["method"];
  /** Steps that were timed. */
  readonly steps: number;
  /** Submitted at once. */
  readonly stepMilliseconds: number;
  readonly kernelMilliseconds: number;
  readonly dispatches: number;
  readonly kernels: readonly ProfileLine[];
}

/** Times training steps on one batch; parameters and optimizer state stay as they are. */
export async function profileTraining(
  session: Session,
  network: Network,
  graph: Graph | undefined,
  inputs: Readonly<Record<string, TensorData>>,
): Promise<Profile> {
  if (session.time === undefined || graph === undefined) bug("a profile of a program that nothing dispatches");
  const { method, steps, whole } = await session.time("train", inputs, timedSteps);
  const labels = stepsOfRun(session.plan.programs["train"]).map(({ label }) => label);
  return {
    method,
    steps: timedSteps,
    stepMilliseconds: whole,
    kernelMilliseconds: steps.reduce((sum, time) => sum + time, 0),
    dispatches: steps.length,
    kernels: profileLines(labels, steps, network, graph),
  };
}

/** The longest first; dispatches of one label are one line. */
export function profileLines(labels: readonly string[], times: readonly number[], network: Network, graph: Graph): readonly ProfileLine[] {
  const total = times.reduce((sum, time) => sum + time, 0);
  const spans = originSpans(network.source, graph);
  return [...new Set(labels)]
    .map((kernel): ProfileLine => {
      const own = times.filter((_, step) => labels[step] === kernel);
      const milliseconds = own.reduce((sum, time) => sum + time, 0);
      const share = total === 0 ? 0 : milliseconds / total;
      return { share, milliseconds, dispatches: own.length, kernel, place: placeOf(kernel, spans, network.source) };
    })
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

/** Labels begin with the layer and the role of the node that a kernel was made for. */
function originSpans(source: Source, graph: Graph): ReadonlyMap<string, Span | undefined> {
  // The optimizer's step comes from the whole network; the program says which, if at all, in one place.
  return new Map(
    topological(graph).map(({ origin: { layer, role, span } }) => [
      `${layer} ${role} `,
      role === "update" ? fieldPlace(source, "optimizer") : span,
    ]),
  );
}

function placeOf(kernel: string, spans: ReadonlyMap<string, Span | undefined>, source: Source): ProfileLine["place"] {
  const prefix =
    [...spans.keys()].filter((key) => kernel.startsWith(key)).sort((a, b) => b.length - a.length)[0] ??
    bug(`the kernel \`${kernel}\` comes from nowhere`);
  const span = spans.get(prefix);
  if (span === undefined) return null;
  const text = source.text.slice(span.start, span.end).replace(/\s+/g, " ");
  return { file: source.name, line: lineAt(source, span.start), text };
}
