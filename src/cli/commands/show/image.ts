/** @file `specc show --image`: a photograph on its way through a trained network. */

import { basename, extname, join } from "node:path";
import { compileNetwork } from "../../../compiler/compile.ts";
import { Limitation } from "../../../compiler/diagnostics/diagnostic.ts";
import { atPlaceIn } from "../../../compiler/diagnostics/program-error.ts";
import { inputRow } from "../../../compiler/layers/input.ts";
import { headOf, scoreNote } from "../../../compiler/network/head.ts";
import type { Network, NetworkNode } from "../../../compiler/network/network.ts";
import { isSpectrum, known } from "../../../compiler/network/types.ts";
import { ReferenceSession } from "../../../compiler/reference/session.ts";
import { reasonOf } from "../../../data/data-error.ts";
import { loadImage } from "../../../data/image-file.ts";
import { valueResult } from "../../../plan/names.ts";
import { classesByScore, predictedClass, scoresOf } from "../../../plan/outputs.ts";
import { halfWidth } from "../../../plan/shape.ts";
import { inverseTransform, transform, wholeSpectrum } from "../../../report/drawing/spectrum.ts";
import type { Channel, Stage } from "../../../report/pictures/passage.ts";
import { readWeights } from "../../../runs/checkpoint.ts";
import { imageSettings } from "../../../runs/data.ts";
import { loadRun } from "../../../runs/saved-run.ts";
import { pixelsToValues, valueTable } from "../../../runtime/pixels.ts";
import { inputsOf } from "../../../runtime/programs.ts";
import type { Arguments } from "../../shell/arguments.ts";
import { ArgumentError } from "../../shell/arguments.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { readChoice, sharedFlags } from "../../shell/flags.ts";
import type { Output } from "../../shell/output.ts";
import { listener } from "../../text/run-events.ts";
import { limitFlag, outFlag, pictureFolder, reportPictures } from "./shown-network.ts";
import type { Subject } from "./subject.ts";

export const imageSubject: Subject = {
  name: "image",
  about: "a photograph on its way through the network: channels and spectra after each layer, and the classes",
  usage: "RUN --image PHOTO [--limit N] [--weights best|last] [--out PLACE]",
  flags: {
    image: { value: "PHOTO", about: "a photograph on its way through the network: channels and spectra after each layer, and the classes" },
    ...sharedFlags("weights"),
    limit: limitFlag,
    out: outFlag,
  },
  examples: { "specc show runs/train/net --image cat.jpg": "what becomes of a cat" },
  notes: "--image computes on the processor, in double precision, and draws image-PHOTO.png and .svg.",
  show,
};

/** Of a layer; --limit says otherwise. */
const mostChannels = 8;

async function show(args: Arguments, output: Output): Promise<ExitCode> {
  const limit = args.integer("limit", 1) ?? mostChannels;
  const path = args.required("image");
  const { folder, source, network, weights } = await loadRun(args.positional(0), readChoice(args), listener(output));
  if (network.input.kind === "signal")
    throw new Limitation("`--image` draws images, and this network takes signals", { help: "`--filters` draws the filters of both" });
  const compiled = atPlaceIn(source, () => compileNetwork(network, { programs: ["activations"], batch: 1 }));
  const { header, params, progress } = await readWeights(folder, weights, compiled.plan);
  const pixels = await readPhoto(path, network);
  const { plan } = compiled;
  const images = new Float32Array(plan.input.height * plan.input.width * plan.input.channels);
  pixelsToValues(
    pixels,
    plan.input.channels,
    valueTable(plan.input, network.input.standardise === "training" ? null : header.statistics),
    images,
    0,
  );
  const session = new ReferenceSession(compiled);
  try {
    await session.writeParams(params);
    const values = await session.run("activations", inputsOf(session.plan, "activations", { images }));
    const { scores: rule } = headOf(network);
    const outputs = [...outputsOf(network, values)];
    const byClass = scoresOf(rule, outputs);
    const scores = classesByScore(byClass, predictedClass(outputs, 0, plan.input)).map((label) => ({
      name: header.classes[label] ?? String(label),
      score: byClass[label],
    }));
    const { drawPassage } = await import("../../../report/pictures/passage.ts");
    const place = await pictureFolder(args, join(folder.path, "show"));
    const { files, notes } = await drawPassage(
      {
        image: basename(path),
        about: `${basename(folder.path)}: ${weights === "bestWeights" ? "best" : "last"} weights, after epoch ${progress.epoch}`,
        photo: { height: plan.input.height, width: plan.input.width, channels: plan.input.channels, pixels },
        stages: network.nodes.flatMap((node) => stageOf(node, values[valueResult(node.id)], limit)),
        scores,
        scoreName: rule.probabilities ? "probability" : "score",
      },
      place,
      `image-${basename(path, extname(path))}`,
    );
    const remarks = rule.probabilities ? notes : [...notes, scoreNote(network)];
    return reportPictures("image", { files, notes: remarks }, { image: path, scores }, output);
  } finally {
    await session.close();
  }
}

async function readPhoto(path: string, network: Network): Promise<Uint8Array> {
  try {
    return await loadImage(path, imageSettings(network));
  } catch (error) {
    if (error instanceof Error && error.name === "DataError") throw error;
    throw new ArgumentError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** Of the last layer that computes something. */
function outputsOf({ nodes, output }: Network, values: Readonly<Record<string, Float32Array>>): Float32Array {
  let node = nodes[output];
  while (values[valueResult(node.id)] === undefined) node = nodes[node.inputs[0]];
  return values[valueResult(node.id)];
}

/** What a layer gives; nothing for transforms that were inserted, which change how a value is written and not the value. */
function stageOf(node: NetworkNode, values: Float32Array | undefined, limit: number): readonly Stage[] {
  if (values === undefined || node.inserted) return [];
  const { type, path } = node;
  const title = path === "" || node.row === inputRow ? node.title : `${path}: ${node.title}`;
  if (type.domain === "vector") return [{ title, channelCount: type.channels, shown: [], vector: values }];
  const [height, width] = [known(type.height), known(type.width)];
  const shown = Array.from({ length: Math.min(limit, type.channels) }, (_, channel) =>
    channelOf(values, channel, height, width, isSpectrum(type.domain)),
  );
  return [{ title, channelCount: type.channels, shown, vector: undefined }];
}

function channelOf(values: Float32Array, channel: number, height: number, width: number, spectral: boolean): Channel {
  const size = spectral ? 2 * height * halfWidth(width) : height * width;
  const own = Float64Array.from(values.subarray(channel * size, (channel + 1) * size));
  const space = spectral ? inverseTransform(own, height, width) : { height, width, data: own };
  return { space, spectrum: wholeSpectrum(spectral ? own : transform(space), height, width) };
}
