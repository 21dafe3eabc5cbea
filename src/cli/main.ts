/** @file The command line: finds the command, reads its arguments, runs it, turns errors into exit codes. */

import { ownVersion } from "../runs/version.ts";
import { commands } from "./commands/index.ts";
import { ArgumentError, commonFlags, didYouMean, manualText, readArguments } from "./shell/arguments.ts";
import type { ExitCode } from "./shell/exit-code.ts";
import { exitCode } from "./shell/exit-code.ts";
import { reportFailure } from "./shell/failures.ts";
import type { Host } from "./shell/output.ts";
import { Output } from "./shell/output.ts";

/** Wider help is hard to read. */
const widestHelp = 100;

/** The process that the program runs in. */
export function processHost(): Host {
  // `specc compile --emit wgsl | head` closes the pipe early, which is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCode.done);
    throw error;
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    readInput: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks).toString("utf8");
    },
    onInterrupt: (listener) => {
      // SIGTERM comes from job schedulers; the channel closes when whoever started this process wants it to stop, or ends.
      const events = ["SIGINT", "SIGTERM", "disconnect"] as const;
      for (const event of events) process.on(event, listener);
      if (process.connected === false) queueMicrotask(listener);
      return () => events.forEach((event) => process.off(event, listener));
    },
    exit: (code) => process.exit(code),
  };
}

/**
 * Runs one command.
 * @param words the arguments behind `specc`
 * @returns the exit code: 0 done, 1 the user's program, data or arguments, 2 a limitation, 70 our bug, 130 interrupted
 */
export async function main(words: readonly string[], host: Host = processHost()): Promise<ExitCode> {
  const switches = words.slice(0, words.includes("--") ? words.indexOf("--") : undefined);
  // Errors among the arguments are reported too, so this cannot wait until they are read.
  const json = switches.some(
    (word, index) => word === "--json" || word === "--format=json" || (word === "json" && switches[index - 1] === "--format"),
  );
  const output = new Output(host, { json, quiet: switches.includes("--quiet") });
  try {
    return await dispatch(words, output, host);
  } catch (thrown) {
    return reportFailure(output, thrown);
  }
}

async function dispatch(words: readonly string[], output: Output, host: Host): Promise<ExitCode> {
  const columns = Math.min(host.stdout.columns ?? 80, widestHelp);
  const [first, ...rest] = words;
  if (first === undefined) {
    output.warn(overview());
    return exitCode.user;
  }
  if (first === "--version" || first === "-v") {
    host.stdout.write(`${ownVersion()}\n`);
    return exitCode.done;
  }
  if (first === "--help" || first === "-h" || (first === "help" && rest.length === 0)) {
    host.stdout.write(`${overview()}\n`);
    return exitCode.done;
  }
  if (first === "help") return dispatch([...rest, "--help"], output, host);
  // Some commands have two words: `trials run`.
  const long = commands.find(({ name }) => name === `${first} ${rest[0] ?? ""}`);
  const row = long ?? commands.find(({ name }) => name === first);
  if (row === undefined) throw unknownCommand(first);
  const command = await row.load();
  const args = await readArguments(command.manual, long === undefined ? rest : rest.slice(1));
  if (args.has("help")) {
    host.stdout.write(`${manualText(command.manual, columns)}\n`);
    return exitCode.done;
  }
  return command.run(args, output, host);
}

function unknownCommand(word: string): ArgumentError {
  const names = commands.map(({ name }) => name);
  if (word.startsWith("-"))
    return new ArgumentError(`the command comes first, not \`${word}\``, `specc COMMAND ..., with one of ${names.join(", ")}`);
  const isProgram = /\.spec$/.test(word);
  const help =
    didYouMean(word, names) ?? (isProgram ? `what shall be done with it? \`specc check ${word}\`` : `the commands are ${names.join(", ")}`);
  return new ArgumentError(`there is no command \`${word}\``, help);
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const switches = Object.entries(commonFlags).map(([name, { about }]) => `  --${name.padEnd(width)}  ${about}`);
  return [
    "specc: a small language for neural networks with filters in the frequency domain",
    "",
    "usage: specc COMMAND ...",
    "",
    ...commands.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    "",
    "all commands:",
    ...switches,
    `  ${"--version".padEnd(width + 2)}  show the version`,
    "",
    "`specc COMMAND --help` explains a command, with examples.",
    "exit codes: 0 done, 1 the program, data or arguments are wrong, 2 not supported, 70 a mistake in specc, 130 interrupted",
  ].join("\n");
}
