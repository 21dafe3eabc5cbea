/** @file `specc show`: pictures of what a network sees and has learned. Its subjects are a list. */

import type { Arguments } from "../../shell/arguments.ts";
import { ArgumentError } from "../../shell/arguments.ts";
import type { Command } from "../../shell/command.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { interruptible } from "../../shell/interruption.ts";
import type { Host, Output } from "../../shell/output.ts";
import { augmentSubject } from "./augment.ts";
import { filtersSubject } from "./filters.ts";
import { imageSubject } from "./image.ts";
import type { Subject } from "./subject.ts";

/** In the order of the help. */
const subjects: readonly Subject[] = [augmentSubject, filtersSubject, imageSubject];

export const showCommand: Command = {
  manual: {
    name: "show",
    usage: `show ${subjects.map(({ usage }) => usage).join(", or show ")}`,
    about: "Draws pictures, as PNG files.",
    positionals: ["WHAT"],
    flags: {
      ...Object.fromEntries(subjects.map(({ name, about }) => [name, { about }])),
      ...Object.assign({}, ...subjects.map(({ flags }) => flags)),
    },
    examples: Object.assign({}, ...subjects.map(({ examples }) => examples)),
    notes: subjects.map(({ notes }) => notes).join("\n\n"),
  },
  run: (args, output, host) => interruptible(host, output, (signal) => run(args, output, host, signal)),
};

async function run(args: Arguments, output: Output, host: Host, signal: AbortSignal): Promise<ExitCode> {
  const asked = subjects.filter(({ name }) => args.has(name));
  const words = subjects.map(({ name }) => `--${name}`);
  if (asked.length === 0) throw new ArgumentError("`specc show` needs to know what to show", `add ${words.join(" or ")}`);
  if (asked.length > 1)
    throw new ArgumentError(`\`specc show\` draws one thing at a time, not ${asked.map(({ name }) => `--${name}`).join(" and ")}`);
  const [subject] = asked;
  // What belongs to another subject would be passed over in silence.
  const foreign = subjects.flatMap(({ flags }) => Object.keys(flags)).find((name) => args.has(name) && !(name in subject.flags));
  if (foreign !== undefined)
    throw new ArgumentError(`--${foreign} has no meaning with --${subject.name}`, `usage: specc show ${subject.usage}`);
  return subject.show(args, output, host, signal);
}
