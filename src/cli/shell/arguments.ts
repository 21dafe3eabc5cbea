/** @file Arguments of a command: flags declared as data, read by yargs, checked with messages that say what was expected. */

import type { Options } from "yargs";
import yargs from "yargs";
import { suggest } from "../../compiler/diagnostics/diagnostic.ts";
import type { GivenInput } from "../../compiler/elaborate/elaborate.ts";

/** The command line is wrong: exit code 1. */
export class ArgumentError extends Error {
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.name = "ArgumentError";
    this.help = help;
  }
}

export interface Flag {
  readonly about: string;
  /** What stands for the value in the help: `DIR`. Absent: a switch without value. */
  readonly value?: string;
  /** May be given several times. */
  readonly repeated?: true;
  /** Shown in the help. */
  readonly fallback?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What every command takes. */
export const commonFlags: Flags = {
  json: { about: "write NDJSON to standard output, text to standard error" },
  quiet: { about: "only results, warnings and errors" },
  help: { about: "show this help" },
};

/** What is shown by `specc COMMAND --help`. */
export interface Manual {
  readonly name: string;
  /** `check FILE`. */
  readonly usage: string;
  readonly about: string;
  /** Names of the positional arguments; the last may repeat: `IMAGE...`. */
  readonly positionals: readonly string[];
  readonly flags: Flags;
  /** Command lines, and what each is for. */
  readonly examples: Readonly<Record<string, string>>;
  readonly notes?: string;
}

/** Values of options by name, as they are written. Reading one of the wrong form throws an ArgumentError. */
export class OptionValues {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  /** @param values a switch that is on has none */
  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  list(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  text(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  integer(name: string, least: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new ArgumentError(`--${name} takes a whole number from ${least}, not \`${text}\``);
  }

  positive(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isFinite(value) && value > 0) return value;
    throw new ArgumentError(`--${name} takes a positive number, not \`${text}\``);
  }

  /** `64x64x3`, or `4096x2` for signals. */
  size(name: string): GivenInput | undefined {
    return this.sizes(name).at(0);
  }

  /** Of a flag that may be repeated. */
  sizes(name: string): readonly GivenInput[] {
    return this.list(name).map((text) => this.#size(name, text));
  }

  #size(name: string, text: string): GivenInput {
    const sizes = /^\d+(x\d+){1,2}$/.test(text) ? text.split("x").map(Number) : [];
    if (sizes.length > 0 && sizes.every((size) => Number.isSafeInteger(size) && size > 0)) {
      const [first, second, third] = sizes;
      return third === undefined ? { samples: first, channels: second } : { height: first, width: second, channels: third };
    }
    throw new ArgumentError(
      `--${name} takes height x width x channels, such as 64x64x3, not \`${text}\``,
      "signals take length x channels, such as 4096x2",
    );
  }

  /** @throws ArgumentError for a word that is none of `words` */
  choice<W extends string>(name: string, words: readonly W[]): W | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new ArgumentError(`--${name} takes ${words.join(", ")}, not \`${text}\``, didYouMean(text, words));
  }
}

/** The arguments of one call. */
export class Arguments extends OptionValues {
  readonly positionals: readonly string[];
  readonly #manual: Manual;

  constructor(manual: Manual, positionals: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    super(values);
    this.#manual = manual;
    this.positionals = positionals;
  }

  /** @throws ArgumentError without it */
  positional(index: number): string {
    const value = this.positionals[index];
    if (value !== undefined) return value;
    throw new ArgumentError(
      `\`specc ${this.#manual.name}\` needs ${this.#manual.positionals[index] ?? "an argument"}`,
      `usage: specc ${this.#manual.usage}`,
    );
  }

  /** @throws ArgumentError without it */
  required(name: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    throw new ArgumentError(
      `\`specc ${this.#manual.name}\` needs --${name} ${this.#manual.flags[name]?.value ?? ""}`.trimEnd(),
      `usage: specc ${this.#manual.usage}`,
    );
  }
}

export function didYouMean(word: string, candidates: Iterable<string>, prefix = ""): string | undefined {
  const guess = suggest(word, candidates);
  return guess === undefined ? undefined : `did you mean \`${prefix}${guess}\`?`;
}

function yargsOptions(flags: Flags): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]): [string, Options] => [
      name,
      { type: flag.value === undefined ? "boolean" : "string", ...(name === "help" ? { alias: "h" } : {}) },
    ]),
  );
}

/** The help of one command, for a terminal of `columns`. */
export function manualText(manual: Manual, columns: number): string {
  const flags = Object.entries({ ...manual.flags, ...commonFlags }).map(([name, flag]) => ({
    title: `--${name}${flag.value === undefined ? "" : ` ${flag.value}`}`,
    about: [
      flag.about,
      flag.fallback === undefined ? "" : ` (default: ${flag.fallback})`,
      flag.repeated === true ? "; may be repeated" : "",
    ].join(""),
  }));
  const width = Math.max(...flags.map(({ title }) => title.length)) + 4;
  return [
    ...wrapped(`usage: specc ${manual.usage}`, "", "         ", columns),
    "",
    ...wrapped(manual.about, "", "", columns),
    "",
    "options:",
    ...flags.flatMap(({ title, about }) => wrapped(about, `  ${title}`.padEnd(width), " ".repeat(width), columns)),
    "",
    "examples:",
    ...Object.entries(manual.examples).flatMap(([command, about]) => [`  ${command}`, `      ${about}`]),
    ...(manual.notes === undefined
      ? []
      : ["", ...manual.notes.split("\n").flatMap((line) => wrapped(line, "", /^ */.exec(line)?.[0] ?? "", columns))]),
  ].join("\n");
}

/** Words in lines of at most `columns`, the first behind `first`, the others behind `indent`. */
function wrapped(text: string, first: string, indent: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(/(?<=\S) +/)) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      [line, empty] = [indent, true];
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

/** @throws ArgumentError for unknown flags, missing values and too many arguments */
export async function readArguments(manual: Manual, words: readonly string[]): Promise<Arguments> {
  const flags: Flags = { ...manual.flags, ...commonFlags };
  const parsed = await yargs([...words])
    .scriptName("specc")
    .locale("en")
    .options(yargsOptions(flags))
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new ArgumentError(message);
    })
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "greedy-arrays": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "strip-aliased": true,
    })
    .parseAsync();
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(parsed)) {
    if (name === "_" || name === "$0" || value === undefined) continue;
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw unknownFlag(manual, name, Object.keys(flags));
    const read = readFlag(name, flag, value);
    if (read !== undefined) values.set(name, read);
  }
  const positionals = parsed._.map(String);
  const repeats = manual.positionals.at(-1)?.endsWith("...") === true;
  if (!repeats && positionals.length > manual.positionals.length) {
    const extra = positionals[manual.positionals.length];
    throw new ArgumentError(`\`specc ${manual.name}\` takes no argument \`${extra}\``, `usage: specc ${manual.usage}`);
  }
  return new Arguments(manual, positionals, values);
}

function unknownFlag(manual: Manual, name: string, known: readonly string[]): ArgumentError {
  const dashes = name.length === 1 ? "-" : "--";
  return new ArgumentError(
    `\`specc ${manual.name}\` has no option \`${dashes}${name}\``,
    didYouMean(name, known, "--") ?? `\`specc ${manual.name} --help\` lists the options`,
  );
}

/** Undefined: a switch that is off. */
function readFlag(name: string, flag: Flag, value: unknown): readonly string[] | undefined {
  const given = Array.isArray(value) ? value : [value];
  if (flag.value === undefined) return given.some((entry) => entry === true) ? [] : undefined;
  if (given.length > 1 && flag.repeated !== true)
    throw new ArgumentError(`--${name} is given ${given.length === 2 ? "twice" : `${given.length} times`}`);
  return given.map((entry) => {
    if (typeof entry !== "string" || entry === "") throw new ArgumentError(`--${name} needs a value: --${name} ${flag.value}`);
    return entry;
  });
}
