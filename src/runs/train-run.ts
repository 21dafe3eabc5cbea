/** @file Trains a network on images and keeps the result in a run folder: wires program, data, device, training loop and folder. */

import { compileNetwork } from "../compiler/compile.ts";
import { atPlaceIn, ProgramError } from "../compiler/diagnostics/program-error.ts";
import type { Target } from "../compiler/lower/target.ts";
import { baseline } from "../compiler/lower/target.ts";
import type { Network } from "../compiler/network/network.ts";
import { checkAgainstData } from "../data/data-check.ts";
import type { DatasetProbe } from "../data/probe.ts";
import { probeDataset } from "../data/probe.ts";
import type { Device } from "../runtime/device.ts";
import { openCompiled } from "../train/open.ts";
import { readWeightsHeader } from "./checkpoint.ts";
import type { RunData } from "./data.ts";
import { openRunData, partOf, validationParts } from "./data.ts";
import type { RunEvent } from "./events.ts";
import type { Listener } from "./listener.ts";
import { closeNetwork, fieldPlace } from "./network.ts";
import type { RunRequest, SettledRun } from "./request.ts";
import { settle } from "./request.ts";
import type { RunResult } from "./result.ts";
import { RunError } from "./run-error.ts";
import { resumedTarget } from "./settings.ts";
import { sitting } from "./sitting.ts";
import { readParams, readTensorFile } from "./tensor-files.ts";
import { chooserOf } from "./tuning.ts";

/**
 * A new run, or the rest of one that was stopped.
 * @throws ProgramError, RunError, DataError, Limitation, NoAdapterError, DeviceError for what is in the way of the first step; what the
 * signal was aborted with before it; whatever `onEvent` throws
 */
export async function trainRun(request: RunRequest, onEvent: Listener<RunEvent> = () => undefined): Promise<RunResult> {
  const { signal } = request;
  const { source, settings: asked, resumed, place } = await settle(request.run);
  if (request.profile === true && asked.device === "cpu")
    throw new RunError("--profile times kernels, and `--device cpu` has none", "leave out --profile, or choose a WebGPU adapter");
  const { settings, network } = await closeNetwork(source, asked, request, onEvent);
  const run: SettledRun = { source, settings, resumed, place };
  const probe = await probeData(run, network, request);
  const began = resumed === undefined ? null : await readWeightsHeader(resumed, "lastState");
  const target = { ...baseline, slab: began?.slab ?? settings.slab ?? undefined };
  const compiled = atPlaceIn(source, () => compileNetwork(network, { without: settings.without, target }));
  if (!compiled.plan.params.some((param) => param.trained)) {
    throw new RunError(
      "this network has nothing to train: no layer of it has weights",
      "end it with a layer that has some, such as `dense softmax 2`",
    );
  }
  const paramsFile = settings.params?.file;
  const given =
    paramsFile === undefined || resumed !== undefined ? undefined : readParams(paramsFile, await readTensorFile(paramsFile), compiled.plan);
  // The device before the images: a missing adapter shows at once, decoding takes a while.
  onEvent({ type: "preparing" });
  const opened = await openCompiled(compiled, settings.device, {
    onWarm: (done, total) => onEvent({ type: "compiling", done, total }),
    timestamps: request.profile,
    choose: chooser(run, network, request, onEvent),
  });
  try {
    signal?.throwIfAborted();
    const data = await openData(run, network, probe, request, onEvent);
    try {
      return await sitting({ run, network, data, opened, given, request }, onEvent);
    } finally {
      data.close();
    }
  } finally {
    await opened.close();
  }
}

/** Of the training data, which the network must fit. */
async function probeData({ source, settings }: SettledRun, network: Network, { run, signal }: RunRequest): Promise<DatasetProbe> {
  const classes = settings.classes ?? undefined;
  const probe = await probeDataset(settings.data, { classes, headers: false, signal });
  const problems = atPlaceIn(source, () => checkAgainstData(network, probe.classes, run.data ?? settings.data));
  if (problems.length > 0) throw new ProgramError(source, problems);
  if (settings.val !== null)
    await probeDataset(settings.val, {
      part: await partOf(settings.val, validationParts),
      knownClasses: probe.classes.map(({ name }) => name),
      classes,
      headers: false,
      signal,
    });
  return probe;
}

/** The schedule of the kernels, on the device that was opened. */
function chooser(
  { settings }: SettledRun,
  network: Network,
  { tuning, signal }: RunRequest,
  onEvent: Listener<RunEvent>,
): (device: Device, usual: Target) => Promise<Target> {
  if (tuning === undefined)
    return async ({ adapter }, usual) =>
      resumedTarget(settings.schedule, adapter.name, usual, () => onEvent({ type: "other-bits", cause: { kind: "schedule" } }));
  return chooserOf(
    {
      request: tuning,
      compile: (target) => compileNetwork(network, { programs: ["train", "gradient"], without: settings.without, target }),
      signal,
    },
    onEvent,
  );
}

function openData(
  { source, settings }: SettledRun,
  network: Network,
  { parts }: DatasetProbe,
  { cache, signal }: RunRequest,
  onEvent: Listener<RunEvent>,
): Promise<RunData> {
  return openRunData(
    network,
    {
      data: settings.data,
      val: settings.val,
      classes: settings.classes,
      limit: settings.limit,
      cacheDir: cache,
      signal,
      parts,
      onSplit: (asked, there) => onEvent({ type: "split", source, span: fieldPlace(source, "split"), asked, there }),
    },
    onEvent,
  );
}
