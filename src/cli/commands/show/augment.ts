/** @file `specc show --augment`: a contact sheet of augmented images. */

import { mkdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { imagesGraph } from "../../../compiler/build.ts";
import type { Source } from "../../../compiler/diagnostics/diagnostic.ts";
import { bug } from "../../../compiler/diagnostics/diagnostic.ts";
import type { GivenInput } from "../../../compiler/elaborate/elaborate.ts";
import { topological } from "../../../compiler/graph/graph.ts";
import type { Network } from "../../../compiler/network/network.ts";
import { input as inputOp } from "../../../compiler/ops/leaves.ts";
import { interpret } from "../../../compiler/reference/interpreter.ts";
import { augmentText } from "../../../compiler/words/augment.ts";
import type { Dataset } from "../../../data/dataset.ts";
import type { PartName } from "../../../data/layout.ts";
import { inputFromData, probeDataset } from "../../../data/probe.ts";
import { imagesResult } from "../../../plan/names.ts";
import type { Augmentation, PlanInput } from "../../../plan/plan.ts";
import { openRunFolder, runFiles } from "../../../report/folder/run-folder.ts";
import type { SheetRow } from "../../../report/pictures/contact-sheet.ts";
import { imageSettings, openPart, partOf } from "../../../runs/data.ts";
import { readSettings } from "../../../runs/settings.ts";
import { augmentedBatch } from "../../../runtime/augment.ts";
import type { TensorData } from "../../../runtime/executor.ts";
import type { Arguments } from "../../shell/arguments.ts";
import { ArgumentError } from "../../shell/arguments.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { exitCode } from "../../shell/exit-code.ts";
import { sharedFlags } from "../../shell/flags.ts";
import type { Host, Output } from "../../shell/output.ts";
import { loadNetwork, readOverrides, readSource } from "../../shell/program.ts";
import { listener } from "../../text/run-events.ts";
import { outFlag } from "./shown-network.ts";
import type { Subject } from "./subject.ts";

export const augmentSubject: Subject = {
  name: "augment",
  about: "a contact sheet: images of a folder, and what `augment` makes of them",
  usage: "RUN|FILE|DIR --augment [--data DIR] [--stages AUGMENTATION] [--images N] [--draws N] [--out PLACE]",
  flags: {
    data: { value: "DIR", about: "the images", fallback: "those of the run" },
    stages: { value: "AUGMENTATION", about: "in the place of the program's: 'shift 5px -> flip'; a DIR of images needs it" },
    images: { value: "N", about: "rows, from the classes in turn", fallback: "6" },
    draws: { value: "N", about: "columns beside the image itself", fallback: "6" },
    ...sharedFlags("net", "input", "set"),
    out: outFlag,
  },
  examples: {
    "specc show net.spec --augment --data pets": "what training sees of the photographs in pets",
    "specc show pets --augment --stages 'rotate 10deg -> brightness 80%..120%'": "an idea, without a program",
  },
  notes:
    "--augment draws augment.png: a row for each image, as it is, then one draw after the other, " +
    "in the way of training and with the program's seed.",
  show,
};

/** The first that the data have. */
const parts: readonly PartName[] = ["train", "validation", "test"];

/** What is to be drawn on which images. */
interface Request {
  readonly network: Network;
  readonly augment: Augmentation;
  readonly data: string;
  readonly title: string;
  readonly place: string;
}

async function show(args: Arguments, output: Output, host: Host, signal: AbortSignal): Promise<ExitCode> {
  const [images, draws] = [args.integer("images", 1) ?? 6, args.integer("draws", 1) ?? 6];
  const { network, augment, data, title, place } = await readRequest(args, output, host, signal);
  const part = await partOf(data, parts);
  const dataset = await openPart(data, part, { ...imageSettings(network), limit: images, cacheDir: null, signal }, listener(output));
  try {
    const { height, width, channels } = dataset;
    const rows = sheetRows(network, augment, dataset, draws);
    const folder = args.text("out") ?? place;
    await mkdir(folder, { recursive: true });
    const { drawContactSheet } = await import("../../../report/pictures/contact-sheet.ts");
    const sheet = {
      title,
      note: `${augmentText(augment)}; seed ${network.train.seed}`,
      height,
      width,
      channels,
      rows,
      columns: ["as it is", ...Array.from({ length: draws }, (_, draw) => `draw ${draw + 1}`)],
    };
    const { files, notes } = await drawContactSheet(sheet, folder);
    output.record({
      type: "result",
      command: "show",
      subject: "augment",
      augment: augmentText(augment),
      images: rows.map(({ name }) => name),
      draws,
      pictures: files,
      notes,
    });
    for (const file of files) output.print(file);
    for (const note of notes) output[files.length === 0 ? "warn" : "remark"](`${files.length === 0 ? "error" : "note"}: ${note}`);
    return files.length === 0 ? exitCode.user : exitCode.done;
  } finally {
    dataset.close();
  }
}

async function readRequest(args: Arguments, output: Output, host: Host, signal: AbortSignal): Promise<Request> {
  const path = args.positional(0);
  const stages = args.text("stages");
  const given = stages === undefined ? undefined : readStages(stages, output);
  const folder = path !== "-" && (await stat(path)).isDirectory();
  const isRun = folder && (await isFile(join(path, runFiles.arguments)));
  const wrong = folder ? ["net", "set", ...(isRun ? ["input"] : ["data"])].find((name) => args.has(name)) : undefined;
  if (wrong !== undefined) throw new ArgumentError(`--${wrong} has no meaning for a ${isRun ? "run" : "folder of images"}: ${path}`);
  if (folder && !isRun) {
    if (given === undefined)
      throw new ArgumentError(
        `${path} is a folder of images: what shall become of them?`,
        "add --stages 'shift 5px -> flip', or give a program: specc show FILE --augment --data DIR",
      );
    const network = loadNetwork(placeholder("gap"), output, { input: args.size("input") ?? (await sizeOf(path, signal)) });
    return { network, augment: given, data: path, title: path, place: join("show", basename(path)) };
  }
  const { network, data, place } = isRun ? await ofRun(path, args, output) : await ofFile(path, args, output, host, signal);
  const augment = given ?? network.train.augment;
  if (augment === null)
    throw new ArgumentError(
      `${path} has no \`augment\``,
      "write one, such as `augment shift 5px -> flip`, or try one: --stages 'shift 5px -> flip'",
    );
  return { network, augment, data, title: `${path}, images of ${data}`, place };
}

async function ofRun(path: string, args: Arguments, output: Output): Promise<Pick<Request, "network" | "data" | "place">> {
  const folder = await openRunFolder(path);
  const settings = await readSettings(folder);
  const source = { name: folder.file("spec"), text: await folder.readText("spec") };
  const network = loadNetwork(source, output, {
    net: settings.net ?? undefined,
    input: settings.input ?? undefined,
    overrides: settings.overrides,
  });
  return { network, data: args.text("data") ?? settings.data, place: join(path, "show") };
}

async function ofFile(
  path: string,
  args: Arguments,
  output: Output,
  host: Host,
  signal: AbortSignal,
): Promise<Pick<Request, "network" | "data" | "place">> {
  const data = args.required("data");
  const source = await readSource(path, host);
  const options = { net: args.text("net"), overrides: readOverrides(args.list("set")) };
  const first = loadNetwork(source, output, { ...options, input: args.size("input"), open: true });
  const network = first.open ? loadNetwork(source, output, { ...options, input: await sizeOf(data, signal) }) : first;
  const name = [basename(source.name, extname(source.name)), ...(network.netName === undefined ? [] : [network.netName])].join("-");
  return { network, data, place: join("show", name) };
}

/** That of the images, as `specc train` takes it. */
async function sizeOf(data: string, signal: AbortSignal): Promise<GivenInput> {
  return inputFromData(await probeDataset(data, { part: await partOf(data, parts), signal }));
}

/** A program around what is looked at. */
function placeholder(body: string, before = ""): Source {
  return { name: "--stages", text: `${before}${body}\n` };
}

/** @throws ProgramError for wrong ones, shown where they stand */
function readStages(stages: string, output: Output): Augmentation {
  const { train } = loadNetwork(placeholder("input 1x1x1 -> gap", `augment ${stages}\n\n`), output, {});
  return train.augment ?? bug("stages that were read are lost");
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Draw d is that of epoch d. */
function sheetRows(network: Network, augment: Augmentation, dataset: Dataset, draws: number): readonly SheetRow[] {
  const { height, width, channels, count, names } = dataset;
  const size = height * width;
  const graph = imagesGraph({ ...network, train: { ...network.train, augment } }, count);
  const input: PlanInput = { ...network.input, height, width, channels, batch: count, outputs: 1, threshold: 0 };
  const samples = names.map((_, index) => index);
  // Values stay from 0 to 1.
  const line = Float32Array.from({ length: 2 * channels }, (_, i) => 1 - (i % 2));
  const drawn = Array.from({ length: draws }, (_, epoch): Float64Array => {
    const batch = new Map(
      Object.entries(
        augmentedBatch(
          { input, augment, seed: network.train.seed },
          { bytes: (sample) => dataset.pixels(sample), samples },
          samples,
          line,
          epoch,
        ),
      ),
    );
    const inputs = new Map(
      topological(graph).flatMap((node) => {
        const data = batch.get(inputOp.match(node)?.name ?? "") as TensorData | undefined;
        return data === undefined ? [] : [[inputOp.match(node)?.name ?? "", { ...node.type, data: Float64Array.from(data) }]];
      }),
    );
    return interpret(graph, { inputs, params: new Map() }).get(imagesResult)?.data ?? bug("no images");
  });
  const bytesOf = (values: Float64Array, index: number): Uint8Array =>
    Uint8Array.from({ length: size * channels }, (_, i) =>
      Math.round(255 * values[(index * channels + (i % channels)) * size + Math.floor(i / channels)]),
    );
  return names.map((name, index) => ({
    name,
    pictures: [dataset.pixels(index).slice(), ...drawn.map((values) => bytesOf(values, index))],
  }));
}
