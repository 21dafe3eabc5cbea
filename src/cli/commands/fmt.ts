/** @file `specc fmt`: brings programs into their one style. */

import { ProgramError } from "../../compiler/diagnostics/program-error.ts";
import { parse } from "../../compiler/syntax/parser.ts";
import { formatSource } from "../../compiler/syntax/print.ts";
import { writeAtomically } from "../../data/atomic-file.ts";
import type { Arguments } from "../shell/arguments.ts";
import { ArgumentError } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { reportFailure } from "../shell/failures.ts";
import type { Host, Output } from "../shell/output.ts";
import { readSource } from "../shell/program.ts";

export const fmtCommand: Command = {
  manual: {
    name: "fmt",
    usage: "fmt FILE... [--check | --stdout]",
    about: "Formats programs in place. There is one style and no options; comments are kept. A file that is formatted is not written.",
    positionals: ["FILE..."],
    flags: {
      check: { about: "change nothing; name the files that are not formatted and exit with 1" },
      stdout: { about: "write the formatted text to standard output instead" },
    },
    examples: {
      "specc fmt net.spec": "format a file in place",
      "specc fmt --check examples/*.spec": "for a commit hook",
      "specc fmt - < net.spec": "from standard input to standard output",
    },
  },
  run,
};

async function run(args: Arguments, output: Output, host: Host): Promise<ExitCode> {
  args.positional(0);
  if (args.has("check") && args.has("stdout")) throw new ArgumentError("--check and --stdout exclude each other");
  let code: ExitCode = exitCode.done;
  for (const path of args.positionals) {
    try {
      const changed = await formatOne(path, args, output, host);
      if (changed && args.has("check")) code = exitCode.user;
    } catch (error) {
      // The other files are formatted all the same.
      const failed = reportFailure(output, error);
      if (code === exitCode.done || failed === exitCode.bug) code = failed;
    }
  }
  return code;
}

async function formatOne(path: string, args: Arguments, output: Output, host: Host): Promise<boolean> {
  const source = await readSource(path, host);
  const { file, diagnostics } = parse(source);
  if (file === undefined || diagnostics.length > 0) throw new ProgramError(source, diagnostics);
  const text = formatSource(file, source);
  const changed = text !== source.text;
  const shown = args.has("stdout") || (path === "-" && !args.has("check"));
  output.record({ type: "format", file: source.name, changed, ...(shown ? { text } : {}) });
  if (shown) {
    if (!output.json) host.stdout.write(text);
  } else if (args.has("check")) {
    if (changed) output.print(`${source.name} is not formatted`);
  } else if (changed) {
    await writeAtomically(path, text);
    output.say(`formatted ${path}`);
  }
  return changed;
}
