/** @file `specc explain`: the page of a message's code. */

import { readdir, readFile } from "node:fs/promises";
import type { Arguments } from "../shell/arguments.ts";
import { ArgumentError, didYouMean } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import type { Output } from "../shell/output.ts";

export const explainCommand: Command = {
  manual: {
    name: "explain",
    usage: "explain [CODE]",
    about: "Shows what a message means, with a wrong program and the right one. Without a code it lists all.",
    positionals: ["CODE"],
    flags: {},
    examples: { "specc explain S0304": "why `dense` needs a fixed number of inputs", "specc explain": "all codes" },
  },
  run,
};

/** Beside `src` and `dist`, so the same from both. */
const pages = new URL("../../../grammar/diagnostics/", import.meta.url);

async function run(args: Arguments, output: Output): Promise<ExitCode> {
  const codes = (await readdir(pages))
    .flatMap((name) => /^([SW]\d{4})\.md$/.exec(name)?.[1] ?? [])
    .sort((a, b) => (a.slice(1) < b.slice(1) ? -1 : 1));
  const asked = args.positionals[0];
  if (asked === undefined) {
    for (const code of codes) {
      const { title } = await readPage(code);
      output.record({ type: "code", code, title });
      output.print(`${code}  ${title}`);
    }
    return exitCode.done;
  }
  const code = asked.toUpperCase();
  if (!codes.includes(code)) {
    throw new ArgumentError(`there is no code \`${asked}\``, didYouMean(code, codes) ?? "`specc explain` lists all codes");
  }
  const { title, text } = await readPage(code);
  output.record({ type: "page", code, title, text });
  output.print(text.trimEnd());
  return exitCode.done;
}

async function readPage(code: string): Promise<{ readonly title: string; readonly text: string }> {
  // Comments on the first lines are for the tests that run the pages.
  const text = (await readFile(new URL(`${code}.md`, pages), "utf8")).replace(/^(<!--.*-->\n)+/, "");
  const title = /^# \w+: (.*)$/m.exec(text)?.[1] ?? "";
  return { title, text };
}
