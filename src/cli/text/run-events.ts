/** @file Shows the events of runs: progress that is painted over, plain lines, warnings, or NDJSON. */

import { changesText } from "../../compiler/lower/knobs.ts";
import type { DataEvent } from "../../runs/data.ts";
import type { OtherBits, RunEvent } from "../../runs/events.ts";
import type { Listener } from "../../runs/listener.ts";
import type { ProgramEvent } from "../../runs/network.ts";
import type { DeviceEvent } from "../../runs/saved-run.ts";
import type { TuneEvent } from "../../runs/tuning.ts";
import { reportDiagnostics, reportRemark } from "../shell/failures.ts";
import type { Output } from "../shell/output.ts";
import { showProfile } from "./profile.ts";
import { describeStart } from "./run-start.ts";
import { TrainingReporter } from "./training-reporter.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { readonly type: Type }>;

/** For `trainRun`. */
export function runListener(output: Output): Listener<RunEvent> {
  let reporter: TrainingReporter | undefined;
  return (event) => {
    switch (event.type) {
      case "start":
        describeStart(event.start, output);
        reporter = new TrainingReporter(output, event.start.network.source, event.start.network.train.epochs);
        return;
      case "step":
      case "epoch":
      case "calibrated":
      case "warning":
        return reporter?.show(event);
      case "preparing":
        return output.paint("preparing the device ...");
      case "split":
        return showSplit(event, output);
      case "other-bits":
        return output.warn(`warning: ${otherBitsText(event.cause)}`);
      case "profiling":
        return output.paint(`profiling ${event.steps} steps ...`);
      case "profile":
        return showProfile(event.profile, output);
      case "measuring":
        return output.progress(`measuring ${event.done} of ${event.total}`);
      default:
        return showEvent(event, output);
    }
  };
}

/** For what opens programs, data and devices. */
export function listener(output: Output): Listener<ProgramEvent | DataEvent | DeviceEvent | TuneEvent> {
  return (event) => showEvent(event, output);
}

function showEvent(event: ProgramEvent | DataEvent | DeviceEvent | TuneEvent, output: Output): void {
  switch (event.type) {
    case "diagnostics":
      return reportDiagnostics(output, event.source, event.diagnostics);
    case "decoding":
      return output.progress(`decoding ${event.done.toLocaleString("en")} of ${event.total.toLocaleString("en")} images`);
    case "data-warning":
      output.warn(`warning: ${event.message}`);
      return output.record({ type: "warning", message: event.message });
    case "skipped":
      return showSkipped(event, output);
    case "compiling":
      return output.progress(`compiling kernels ${event.done}/${event.total}`);
    case "tuning": {
      const { seconds, trial, gain } = event.progress;
      const soFar = gain > 1 ? `; ${timesText(gain)} so far` : "";
      return output.progress(`tuning: ${Math.round(seconds)} of ${event.budget} s, trying ${trial}${soFar}`);
    }
    case "no-candidate":
      return output.remark(`${event.trial} is no candidate: ${event.why}`);
    case "schedule-not-kept":
      return output.warn(`warning: the schedule could not be kept for the next time: ${event.reason}`);
    case "tuned":
      return showTuned(event, output);
    case "tuning-stopped":
      return output.warn("tuning was stopped; `--tune` goes on with the best schedule so far");
  }
}

const listedFiles = 10;

function showSkipped({ data, files }: EventOf<"skipped">, output: Output): void {
  const [word, verb] = files.length === 1 ? ["file", "is"] : ["files", "are"];
  const rest = files.length - listedFiles;
  output.warn(
    [
      `warning: ${files.length} ${word} of ${data} could not be read and ${verb} skipped:`,
      ...files.slice(0, listedFiles).map(({ file, reason }) => `  ${file}: ${reason}`),
      ...(rest > 0 ? [`  and ${rest} more`] : []),
    ].join("\n"),
  );
  output.record({ type: "skipped", data, files });
}

function showSplit({ source, span, asked, there }: EventOf<"split">, output: Output): void {
  reportRemark(output, "warning", source, {
    message: `\`split: ${asked}\` leaves nothing of ${there.toLocaleString("en")} images for validation: training on 80 %`,
    span,
    help: "give a smaller count or a share, or validation data of their own: --val DIR",
  });
}

function otherBitsText(cause: OtherBits): string {
  switch (cause.kind) {
    case "schedule":
      return "the schedule that the run began with does not exist any more; with another one the last bits differ";
    case "adapter":
      return `the run began on ${cause.began}; on another adapter the last bits differ`;
    case "slab": {
      const atOnce = (slab: number | null): string => (slab === null ? "the whole batch" : `${slab} images`);
      return `the run began with ${atOnce(cause.began)} at once, and goes on with ${atOnce(cause.now)}: the last bits differ`;
    }
  }
}

function showTuned({ target, schedule: known, search }: EventOf<"tuned">, output: Output): void {
  const { schedule, gain, complete, found, tried } = known;
  const changes = changesText(schedule, target);
  const trials = search?.trials ?? null;
  output.record({ type: "tuning", target: target.name, known: search === null, schedule, changes, gain, complete, found, trials });
  const how =
    search === null
      ? `found ${found.slice(0, 10)}${complete ? "" : ", before every candidate was tried: --tune-for SECONDS searches again"}`
      : `${Math.round(search.seconds)} s, ${tried} candidates${complete ? "" : ", not all of them"}`;
  output.say(
    `tuned        ${changes === "" ? "nothing is faster than the usual schedule" : `${timesText(gain)} with ${changes}`} (${how})`,
  );
}

function timesText(gain: number): string {
  return `${gain.toFixed(2)} times as fast`;
}
