/** @file AST -> Network: names, arguments, sizes, domains; all user errors after parsing (grammar/reference.md#the-order-of-checks). */

import type { Diagnostic, Report, Source } from "../diagnostics/diagnostic.ts";
import { Limitation, suggest } from "../diagnostics/diagnostic.ts";
import type { Network } from "../network/network.ts";
import { isOpenType } from "../network/types.ts";
import type { AugmentDecl, File, Pipeline, Stage } from "../syntax/ast.ts";
import { imagesOnlyStage, readAugment } from "../words/augment.ts";
import type { Declarations } from "./declarations.ts";
import { collectDeclarations } from "./declarations.ts";
import { Expander } from "./expand.ts";
import type { GivenInput, ReadInput } from "./input.ts";
import { closeInput, inputNode, readInput, signalForImages } from "./input.ts";
import { checkNames } from "./names.ts";
import { findCircles } from "./recipe.ts";
import type { Override, Training } from "./training.ts";
import { checkTrainingSizes, readTraining, trainSettings } from "./training.ts";

export type { GivenInput } from "./input.ts";
export type { Override } from "./training.ts";

export interface ElaborateOptions {
  /** Which network of the file; needed where there are several. */
  readonly net?: string;
  /** `--input`: closes open sizes, and replaces the file's. */
  readonly input?: GivenInput;
  /** `--set`. */
  readonly overrides?: readonly Override[];
  /** `ignore`: train on images as they are. `augment` is checked all the same. */
  readonly augment?: "ignore";
}

export interface Elaboration {
  /** Undefined if there were errors, or if the file holds no network. With limitations it is for looking at alone. */
  readonly network: Network | undefined;
  /** The names of the file's networks; empty for an unnamed one. */
  readonly nets: readonly string[];
  /** By stage, then by position. */
  readonly diagnostics: readonly Diagnostic[];
  /** What the network needs and specc cannot do yet. */
  readonly limitations: readonly Limitation[];
}

/** Elaborates one network of a file, or nothing if parsing gave no tree. Never throws for a wrong program. */
export function elaborate(file: File | undefined, source: Source, options: ElaborateOptions = {}): Elaboration {
  if (file === undefined) return { network: undefined, nets: [], diagnostics: [], limitations: [] };
  const collected = new Collected();
  const { report } = collected;
  const declarations = collectDeclarations(file, report);
  const circular = findCircles(declarations.lets, declarations.shareds, report);
  checkNames(declarations, report);
  const limitations: Limitation[] = laterWords(declarations);
  const augmentation = declarations.augment === undefined ? undefined : readAugment(declarations.augment, report);
  const training = readTraining(declarations, options.overrides ?? [], options.augment === "ignore" ? undefined : augmentation, report);
  const nets = [...declarations.nets.keys()];
  const body = chosenBody(declarations, options.net, report);
  let network: Network | undefined;
  if (body !== undefined) {
    const made = new NetworkMaker(source, body, declarations, circular, training, collected);
    network = made.make(options.input);
    limitations.push(...(training?.limitations ?? []), ...made.limitations);
    if (network?.input.kind === "signal" && declarations.augment !== undefined)
      checkSignals(declarations.augment, options, limitations, report);
    if (network !== undefined && options.net !== undefined) network = { ...network, netName: options.net };
    else if (network !== undefined) network = { ...network, netName: nets[0] };
  }
  const diagnostics = collected.sorted();
  const failed = diagnostics.some(isError);
  return { network: failed ? undefined : network, nets, diagnostics, limitations };
}

/** Each place is reported once for each code, however often a recipe is used. */
class Collected {
  readonly #found: Map<string, Diagnostic> = new Map();

  readonly report: Report = (diagnostic) => {
    if (!this.has(diagnostic)) this.#found.set(placeOf(diagnostic), diagnostic);
  };

  has(diagnostic: Diagnostic): boolean {
    return this.#found.has(placeOf(diagnostic));
  }

  sorted(): readonly Diagnostic[] {
    return [...this.#found.values()].sort((a, b) => stageOf(a) - stageOf(b) || a.span.start - b.span.start);
  }
}

function placeOf({ code, span }: Diagnostic): string {
  return `${code} ${span.start} ${span.end}`;
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

/** The order of grammar/reference.md#the-order-of-checks: names, formulas, shapes, domains, lints. */
function stageOf({ code, severity }: Diagnostic): number {
  if (severity === "warning") return 9;
  return { "00": 0, "01": 1, "02": 4, "06": 4, "05": 5, "03": 7, "04": 8 }[code.slice(1, 3)] ?? 6;
}

function laterWords(declarations: Declarations): Limitation[] {
  return declarations.imports.map(
    (item) => new Limitation("`import` is not built yet", { span: item.span, help: "copy the declarations into this file" }),
  );
}

/** S0603 for what signals cannot do; what they could is not built. */
function checkSignals(augment: AugmentDecl, options: ElaborateOptions, limitations: Limitation[], report: Report): void {
  const stage = imagesOnlyStage(augment);
  if (stage !== undefined) {
    report({
      severity: "error",
      code: "S0603",
      title: `\`${stage.name.text}\` is for images`,
      span: stage.headSpan,
      label: "the network takes signals",
      helps: [{ text: "signals have `shift`, `crop` and `noise`" }],
    });
  } else if (options.augment !== "ignore") {
    limitations.push(
      new Limitation("`augment` is not built yet for signals", { span: augment.span, help: "go on without it: `--no-augment`" }),
    );
  }
}

/** S0209 where the choice is not clear. */
function chosenBody(declarations: Declarations, wanted: string | undefined, report: Report): Pipeline | undefined {
  const { nets, bare } = declarations;
  const [first] = nets.values();
  const names = [...nets.keys()];
  if (first === undefined) {
    if (wanted !== undefined && bare !== undefined) {
      report({
        severity: "error",
        code: "S0209",
        title: `no network named \`${wanted}\``,
        span: { start: bare.span.start, end: bare.body.stages[0].span.end },
        label: "the only network has no name",
        helps: [{ text: "leave `--net` out" }],
      });
      return undefined;
    }
    return bare?.body;
  }
  const chosen = wanted === undefined ? (names.length === 1 ? first : undefined) : nets.get(wanted);
  if (chosen !== undefined) return chosen.body;
  const close = wanted === undefined ? undefined : suggest(wanted, names);
  report({
    severity: "error",
    code: "S0209",
    title: wanted === undefined ? `this file has ${names.length} networks` : `no network named \`${wanted}\``,
    span: first.name.span,
    label: wanted === undefined ? "one of them must be chosen" : "the first network",
    notes: [`networks: ${names.join(", ")}`],
    helps: [{ text: close === undefined ? `choose one: \`--net ${names[0]}\`` : `did you mean \`--net ${close}\`?` }],
  });
  return undefined;
}

class NetworkMaker {
  readonly limitations: Limitation[] = [];
  readonly #source: Source;
  readonly #body: Pipeline;
  readonly #declarations: Declarations;
  readonly #circular: ReadonlySet<string>;
  readonly #training: Training | undefined;
  readonly #collected: Collected;

  constructor(
    source: Source,
    body: Pipeline,
    declarations: Declarations,
    circular: ReadonlySet<string>,
    training: Training | undefined,
    collected: Collected,
  ) {
    this.#source = source;
    this.#body = body;
    this.#declarations = declarations;
    this.#circular = circular;
    this.#training = training;
    this.#collected = collected;
  }

  make(given: GivenInput | undefined): Network | undefined {
    const read = readInput(this.#body, this.#collected.report);
    if (read === undefined) return undefined;
    const size = this.#training?.size;
    if (!checkTrainingSizes(size, read.input, this.#collected.report)) return undefined;
    const { channels } = read.input;
    const fromSizes =
      size === undefined || channels === undefined || typeof read.input.width === "number"
        ? undefined
        : { height: size.height, width: size.width, channels };
    const closing = given ?? fromSizes;
    if (closing === undefined) return this.#expand(read);
    // A promise must hold whatever size is chosen for it now.
    if (read.place.promised && this.#expand(read) === undefined) return undefined;
    const closed = closeInput(read, closing, this.#collected.report);
    if (closed === undefined) return undefined;
    return given !== undefined && "samples" in given && read.place.span === undefined
      ? this.#expandSignal(read, closed, given)
      : this.#expand(closed);
  }

  /** Where the two numbers of a signal were meant for an image, that is said, and not what follows from it. */
  #expandSignal(read: ReadInput, closed: ReadInput, given: Extract<GivenInput, { readonly samples: number }>): Network | undefined {
    const found = new Collected();
    const network = this.#expand(closed, found.report);
    const problems = found.sorted().filter(isError);
    if (problems.length > 0) {
      const limitations = [...this.limitations];
      const asImage = new Collected();
      const image = closeInput(read, { height: given.samples, width: given.channels, channels: 3 }, asImage.report);
      if (image !== undefined) this.#expand(image, asImage.report);
      const left = asImage.sorted().filter(isError);
      const cause = problems.find((problem) => !asImage.has(problem));
      // As an image, nothing else is wrong with it.
      if (cause !== undefined && left.every((problem) => found.has(problem) || this.#collected.has(problem))) {
        for (const diagnostic of [signalForImages(given, cause), ...left]) this.#collected.report(diagnostic);
        return undefined;
      }
      this.limitations.splice(0, this.limitations.length, ...limitations);
    }
    for (const diagnostic of found.sorted()) this.#collected.report(diagnostic);
    return network;
  }

  #expand(read: ReadInput, report: Report = this.#collected.report): Network | undefined {
    const expander = new Expander(inputNode(read), read.place, this.#declarations, this.#circular, this.#source.text, report);
    const { stages } = this.#body;
    const output = expanded(expander, read.place.span === undefined ? stages : stages.slice(1));
    this.limitations.splice(0, this.limitations.length, ...expander.limitations);
    if (output === undefined || this.#training === undefined) return undefined;
    const { nodes } = expander;
    return {
      source: this.#source,
      netName: undefined,
      input: read.input,
      nodes,
      output,
      open: nodes.some((node) => isOpenType(node.type)),
      train: trainSettings(this.#training, nodes, output),
    };
  }
}

/** A network too large to expand is a limitation like others. */
function expanded(expander: Expander, stages: readonly Stage[]): number | undefined {
  try {
    return expander.expand(stages);
  } catch (problem) {
    if (!(problem instanceof Limitation)) throw problem;
    expander.limitations.push(problem);
    return undefined;
  }
}
