/** @file What `specc train` says at the end, and its exit code. */

import { scoresText } from "../../report/confusion.ts";
import type { RunDone, RunFailed, RunResult, RunStopped } from "../../runs/result.ts";
import type { Progress } from "../../train/trainer.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { reportRemark } from "../shell/failures.ts";
import type { Output } from "../shell/output.ts";

export function showResult(result: RunResult, output: Output): ExitCode {
  switch (result.status) {
    case "done":
      return showDone(result, output);
    case "stopped":
      return showStopped(result, output);
    case "failed":
      return showFailed(result, output);
  }
}

function showDone({ start, epochs, best, measured, weights, pictures }: RunDone, output: Output): ExitCode {
  output.record({
    type: "result",
    command: "train",
    run: start.folder,
    epochs: epochs.length,
    best: best ?? null,
    measuredOn: measured?.on ?? null,
    loss: measured?.loss ?? null,
    accuracy: measured?.accuracy ?? null,
    count: measured?.count ?? 0,
    weights,
    pictures: pictures.files,
  });
  if (measured !== null) {
    output.say(`\n${scoresText(measured.confusion, output.colour)}`);
    output.print(
      `\n${measured.on} accuracy ${measured.accuracy.toFixed(4)}, loss ${measured.loss.toFixed(4)}, ` +
        `on ${measured.count.toLocaleString("en")} images, with the weights of epoch ${best?.epoch ?? "?"}, ` +
        `the best by ${best?.valLoss === undefined ? "training" : "validation"} loss`,
    );
  }
  output.print(`weights: ${weights}`);
  if (pictures.files.length > 0) output.print(`pictures: ${pictures.files.join(", ")}`);
  for (const note of pictures.notes) output.remark(`note: ${note}`);
  return exitCode.done;
}

function showStopped(result: RunStopped, output: Output): ExitCode {
  if (result.during === "measuring") {
    output.warn(`interrupted while measuring; the training itself is complete:\n  weights: ${result.weights}`);
    return exitCode.interrupted;
  }
  const {
    start: { folder },
    progress: { epoch, stepInEpoch },
  } = result;
  // A shell would take a strange name apart.
  const resume = `specc train --resume ${/^[\w./~-]+$/.test(folder) ? folder : JSON.stringify(folder)}`;
  output.record({ type: "stopped", run: folder, epoch, stepInEpoch, resume });
  output.warn(`stopped and saved; go on with:\n  ${resume}`);
  return exitCode.interrupted;
}

const nonFiniteHelp = "use a smaller learning rate (--lr), limit the gradient (`clip: 1` in the optimizer), or smaller starts";

/** Why a number that was not finite ended the run. */
export function failureText({ error }: RunFailed): string {
  return `training stopped at ${error.message}`;
}

function showFailed(failed: RunFailed, output: Output): ExitCode {
  const { start, error, saved } = failed;
  const kept = saved === null ? "" : `; the weights of ${placeOf(saved.progress)} are in ${saved.weights}`;
  reportRemark(output, "error", start.network.source, { message: failureText(failed), span: error.span, help: `${nonFiniteHelp}${kept}` });
  return exitCode.user;
}

function placeOf({ epoch, stepInEpoch }: Progress): string {
  return stepInEpoch === 0 ? `epoch ${epoch}` : `step ${stepInEpoch} of epoch ${epoch + 1}`;
}
