/** @file From the text of a program to one of its networks, at one size. */

import type { Diagnostic, Source, Span } from "../compiler/diagnostics/diagnostic.ts";
import { ProgramError } from "../compiler/diagnostics/program-error.ts";
import type { ElaborateOptions } from "../compiler/elaborate/elaborate.ts";
import { elaborate } from "../compiler/elaborate/elaborate.ts";
import type { Network } from "../compiler/network/network.ts";
import { openSize } from "../compiler/network/open-size.ts";
import { isOpen } from "../compiler/network/types.ts";
import { parse } from "../compiler/syntax/parser.ts";
import { inputFromData, probeDataset } from "../data/probe.ts";
import type { Listener } from "./listener.ts";
import { RunError } from "./run-error.ts";
import type { RunSettings } from "./settings.ts";

/** Warnings of a program that can be used all the same. */
export interface ProgramEvent {
  readonly type: "diagnostics";
  readonly source: Source;
  readonly diagnostics: readonly Diagnostic[];
}

export interface NetworkOptions extends ElaborateOptions {
  /** A network whose sizes are open will do. */
  readonly open?: boolean;
  /** The warnings of this program have been shown. */
  readonly repeated?: boolean;
  /** Warnings count as errors. */
  readonly strict?: boolean;
}

/**
 * Parses and elaborates one network; warnings are events.
 * @throws ProgramError with all errors and limitations
 */
export function readNetwork(source: Source, options: NetworkOptions, onEvent: Listener<ProgramEvent>): Network {
  const parsed = parse(source);
  if (parsed.file === undefined) throw new ProgramError(source, parsed.diagnostics);
  const { network, diagnostics: found, limitations } = elaborate(parsed.file, source, options);
  const diagnostics: readonly Diagnostic[] = [...parsed.diagnostics, ...found];
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "error" || options.strict === true);
  if (failed || limitations.length > 0) throw new ProgramError(source, diagnostics, limitations);
  if (network === undefined)
    throw new RunError(`${source.name} holds no network`, "it has declarations alone: add a network, or give another file");
  // An open network is read again once its size is known, and warns then.
  const warns = options.repeated !== true && (options.open !== true || !network.open);
  if (warns && diagnostics.length > 0) onEvent({ type: "diagnostics", source, diagnostics });
  const open = options.open === true ? undefined : openSize(network);
  if (open !== undefined) throw new ProgramError(source, [open]);
  return network;
}

/** A network with its size, and settings that say where the size is from. */
export interface ClosedNetwork {
  readonly network: Network;
  readonly settings: RunSettings;
}

/** The network at one size: the file's, that of the settings, or that of the data. */
export async function closeNetwork(
  source: Source,
  settings: RunSettings,
  { strict, signal }: { readonly strict?: boolean; readonly signal?: AbortSignal },
  onEvent: Listener<ProgramEvent>,
): Promise<ClosedNetwork> {
  const options = {
    net: settings.net ?? undefined,
    overrides: settings.overrides,
    strict,
    augment: settings.augment === true ? undefined : "ignore",
  } as const;
  const first = readNetwork(source, { ...options, input: settings.input ?? undefined, open: true }, onEvent);
  if (!first.open) return { settings, network: first };
  const found = inputFromData(await probeDataset(settings.data, { classes: settings.classes ?? undefined, signal }));
  const { height, width, channels } = first.input;
  const input = {
    height: isOpen(height) ? found.height : Number(height),
    width: isOpen(width) ? found.width : Number(width),
    channels: channels ?? found.channels,
  };
  return { settings: { ...settings, input, inputFrom: "the data" }, network: readNetwork(source, { ...options, input }, onEvent) };
}

/** A field of `train`, for a message about it. */
export function fieldPlace(source: Source, name: "split" | "optimizer"): Span | undefined {
  const items = parse(source).file?.items ?? [];
  return items.flatMap((item) => (item.kind === "train" ? item.record.fields : [])).find((field) => field.name.text === name)?.span;
}
