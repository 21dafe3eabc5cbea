/** @file The table of `specc train --profile`. */

import { renderTable } from "../../report/terminal.ts";
import type { Profile } from "../../runs/profile.ts";
import type { Output } from "../shell/output.ts";

export function showProfile(profile: Profile, output: Output): void {
  const { method, steps, stepMilliseconds, kernelMilliseconds, dispatches, kernels } = profile;
  output.record({ type: "profile", method, steps, stepMilliseconds, kernelMilliseconds, kernels });
  const rows = kernels.map((line) => [
    `${(100 * line.share).toFixed(1)} %`,
    line.milliseconds.toFixed(3),
    String(line.dispatches),
    line.kernel,
    line.place === null ? "" : `${line.place.file}:${line.place.line}  ${line.place.text}`,
  ]);
  const how = {
    timestamps: "the device's timestamps",
    waits: "submitting each dispatch alone and waiting for it: short ones seem longer than they are",
  }[method];
  output.print(
    [
      "",
      `profile of one training step: median of ${steps}, by ${how}`,
      renderTable(["share", "ms", "dispatches", "kernel", "program"], rows, {
        colour: output.colour,
        align: ["right", "right", "right", "left", "left"],
      }),
      `kernels ${kernelMilliseconds.toFixed(3)} ms in ${dispatches} dispatches; ` +
        `a whole step, submitted at once, ${stepMilliseconds.toFixed(3)} ms`,
      "",
    ].join("\n"),
  );
}
