/** @file Where a command writes: text for people, NDJSON for programs, and one repainted line on a terminal. */

/** Part of `process.stdout`; tests give their own. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the command line takes from the process around it. */
export interface Host {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** All of standard input. */
  readonly readInput: () => Promise<string>;
  /** Calls `listener` at each SIGINT until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Columns of a line where the stream does not say. */
const defaultColumns = 80;

/** Between two plain lines of progress, in milliseconds. */
export const lineInterval = 10_000;

export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly #host: Host;
  /** People's text: standard output, unless that carries NDJSON. */
  readonly #text: TextStream;
  #painted = false;
  #lined = performance.now();

  constructor(host: Host, options: OutputOptions) {
    this.#host = host;
    this.json = options.json;
    this.quiet = options.quiet;
    this.#text = options.json ? host.stderr : host.stdout;
  }

  /** Whether people's text may be coloured: never in a pipe. Honours NO_COLOR. */
  get colour(): boolean {
    return this.#mayColour(this.#text);
  }

  /** The same for warnings and errors. */
  get errorColour(): boolean {
    return this.#mayColour(this.#host.stderr);
  }

  /** True when people's text goes to a terminal, so that a line can be painted over. */
  get repaints(): boolean {
    return this.#text.isTTY === true && this.#host.environment["TERM"] !== "dumb";
  }

  /** What was asked for; `--quiet` keeps it. */
  print(text: string): void {
    this.#clear();
    this.#text.write(`${text}\n`);
  }

  /** Remarks on the way; `--quiet` drops them. */
  say(text: string): void {
    if (!this.quiet) this.print(text);
  }

  /** Remarks that must not mix with the answer on standard output. */
  remark(text: string): void {
    if (!this.quiet) this.warn(text);
  }

  /** Warnings and errors. */
  warn(text: string): void {
    this.#clear();
    this.#host.stderr.write(`${text}\n`);
  }

  /** One line of NDJSON; nothing without `--json`. */
  record(value: { readonly type: string; readonly [key: string]: unknown }): void {
    if (this.json) this.#host.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** How far a long step is: painted on a terminal, elsewhere a plain line now and then. */
  progress(text: string): void {
    if (this.repaints) return this.paint(text);
    const now = performance.now();
    if (now - this.#lined < lineInterval) return;
    this.#lined = now;
    this.say(text);
  }

  /** Replaces the last line of a terminal; does nothing elsewhere. */
  paint(text: string): void {
    if (!this.repaints || this.quiet) return;
    const columns = (this.#text.columns ?? defaultColumns) - 1;
    this.#text.write(`\r\u001b[K${text.length > columns ? `${text.slice(0, columns - 1)}…` : text}`);
    this.#painted = true;
  }

  /** A painted line gives way to whatever comes next. */
  #clear(): void {
    if (this.#painted) this.#text.write("\r\u001b[K");
    this.#painted = false;
  }

  #mayColour(stream: TextStream): boolean {
    const { NO_COLOR, TERM } = this.#host.environment;
    return stream.isTTY === true && (NO_COLOR ?? "") === "" && TERM !== "dumb";
  }
}
