/** @file Independent short kernels side by side: dispatches that need nothing of each other become one, whose workgroups they share. */

import type { Beside, Job } from "../../lower/job.ts";
import { beside, bufferOf, labelOf } from "../../lower/job.ts";
import { canonicalText } from "../../lower/kernel-text.ts";
import { fits, memoryOf, mergeAt } from "../../lower/order.ts";
import type { Target } from "../../lower/target.ts";
import { groupSizeOf } from "../../lower/wgsl.ts";
import type { DispatchPass } from "../pass.ts";

/** Characters of all kernels, without loads and stores. */
const shortText = 4000;

export const mergeBeside: DispatchPass = {
  name: "merge-beside",
  description: "runs independent short kernels side by side, in one dispatch",
  run(jobs, context) {
    let current = jobs;
    const known = new Set(jobs);
    // Waiting for others, a dispatch keeps its inputs alive: that must cost no memory.
    const most = memoryOf(jobs);
    for (let early = 0; early < current.length; early++) {
      for (let late = early + 1; late < current.length; late++) {
        const [a, b] = [current[early], current[late]];
        if (!isShort(a) || !isShort(b)) continue;
        const reordered = mergeAt(current, early, late, true, () => mergeTwo(a, b, context.target));
        if (reordered === undefined || memoryOf(reordered) > most) continue;
        const merged = reordered.find((job) => !known.has(job)) ?? a;
        known.add(merged);
        context.note({ layer: merged.pieces[0].origin.layer, text: `two dispatches become one: ${labelOf(merged)}` });
        current = reordered;
        // The merged job may stand later now; what took its place has not been looked at.
        late = early;
      }
    }
    return current;
  },
};

/** Texts side by side take the registers of the largest, and the time to compile of all: only short ones are put together. */
function isShort(job: Job): job is Beside {
  return job.kind === "beside" && textOf(job) <= shortText;
}

function textOf({ families }: Beside): number {
  return families.reduce((sum, [{ kernel }]) => {
    const { body, declarations } = canonicalText(kernel);
    return sum + body.length + declarations.length;
  }, 0);
}

function mergeTwo(a: Beside, b: Beside, target: Target): Beside | undefined {
  const job = beside([...a.families, ...b.families]);
  if (!isShort(job) || groupSizeOf(job, target) === undefined) return undefined;
  // Effects that work in place get a buffer to themselves: they are long, and few.
  const buffers = job.pieces.flatMap(({ kernel }) => kernel.writes.map(({ refs }) => bufferOf(refs[0].storage)));
  if (job.pieces.some(({ kernel }) => kernel.inPlace === true) && new Set(buffers).size < buffers.length) return undefined;
  return fits(job, target) ? job : undefined;
}
