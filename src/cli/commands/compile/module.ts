/** @file `specc compile --out model.js`: a network as one ES module, with its types, and its weights inside or beside it. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { compileNetwork } from "../../../compiler/compile.ts";
import { atPlaceIn } from "../../../compiler/diagnostics/program-error.ts";
import type { Target } from "../../../compiler/lower/target.ts";
import { defaultSizes, targets } from "../../../compiler/lower/target.ts";
import { hasLoss, headOf } from "../../../compiler/network/head.ts";
import type { Network } from "../../../compiler/network/network.ts";
import { writeAtomically } from "../../../data/atomic-file.ts";
import { systemCode } from "../../../data/data-error.ts";
import type { ModelParts, ModelWeights } from "../../../model/parts.ts";
import { packPlans, partsVersion } from "../../../model/parts.ts";
import { sizeText } from "../../../model/size-text.ts";
import { writeWeights } from "../../../model/weights.ts";
import type { ModuleContent } from "../../../model/write.ts";
import { declarationText, moduleText } from "../../../model/write.ts";
import type { Plan } from "../../../plan/plan.ts";
import type { Program } from "../../../runs/program.ts";
import { ownVersion } from "../../../runs/version.ts";
import type { Arguments } from "../../shell/arguments.ts";
import { ArgumentError, didYouMean } from "../../shell/arguments.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { exitCode } from "../../shell/exit-code.ts";
import { readNoAugment } from "../../shell/flags.ts";
import type { Host, Output } from "../../shell/output.ts";
import { loadNetwork, warnOfMissingVersion } from "../../shell/program.ts";
import { readClasses, readProgram } from "../../shell/program-weights.ts";

/** Weights of a module lie inside it up to this many bytes. */
const inlineBytes = 1_000_000;

export async function compileModule(args: Arguments, without: readonly string[], output: Output, host: Host): Promise<ExitCode> {
  const out = args.required("out");
  if (!/\.m?js$/.test(out))
    throw new ArgumentError(
      `a module's name ends in .js or .mjs, unlike ${out}`,
      "for example --out model.js; to look inside the compiler instead: --emit plan, wgsl or graph",
    );
  const program = await readProgram(args, host);
  const target = readTarget(args);
  const networks = loadSizes(program, args, output);
  const [network] = networks;
  warnOfMissingVersion(program.source, output);
  const compile = (of: Network, kind: "infer" | "train" | "filters", batch: number | undefined): Plan =>
    atPlaceIn(program.source, () => compileNetwork(of, { programs: [kind], batch, target, without })).plan;
  const plans = networks.map((each) => compile(each, "infer", 1));
  requireSharedWeights(plans);
  const training = args.has("train") ? compile(network, "train", args.integer("batch", 1)) : null;
  if (training === null && args.has("batch"))
    throw new ArgumentError("--batch is that of training, and there is none without --train", "a module predicts one image at a time");
  if (training?.params.every(({ trained }) => !trained) === true)
    throw new ArgumentError("this network has nothing to train: no layer of it has weights");
  const filters = args.has("filters") ? compile(network, "filters", 1) : null;
  if (filters?.programs["filters"].outputs.length === 0)
    throw new ArgumentError("--filters has nothing to give: the network has no spectral filters");
  const weights = await program.weights(plans[0]);
  const classes = readClasses(args, weights, plans[0]);
  if (network.input.standardise !== "off" && weights?.header == null) {
    throw new ArgumentError(
      "this network standardises its images by what was measured in training, and a file alone does not say it",
      "compile the folder of a run, or take `standardise` out of the file",
    );
  }
  const packed = packPlans([...plans, training, filters].filter((plan) => plan !== null));
  const known = {
    name: network.netName ?? null,
    classes,
    statistics: weights?.header?.statistics ?? null,
    data: weights?.header?.data ?? null,
  };
  const file =
    weights === null
      ? null
      : writeWeights(weights.params, plans[0].params, {
          net: known.name,
          classes: classes ?? [],
          statistics: known.statistics,
          data: known.data ?? "",
          adapter: "",
        });
  const placed = placeWeights(args, file, out);
  const parts: ModelParts = {
    version: partsVersion,
    ...known,
    scores: hasLoss(network) ? headOf(network).scores : null,
    kernels: packed.kernels,
    plans: packed.plans.slice(0, plans.length),
    training: training === null ? null : packed.plans[plans.length],
    filters: filters === null ? null : packed.plans[packed.plans.length - 1],
    weights: placed.weights,
  };
  const content: ModuleContent = {
    parts,
    runtime: await readRuntime(training === null ? "infer" : "train"),
    version: ownVersion(),
    spec: program.source.text,
    hashes: { spec: sha256(program.source.text), weights: file === null ? null : sha256(file) },
    licence: args.text("licence") ?? null,
    target: target.name,
  };
  const text = moduleText(content);
  const types = out.replace(/\.(m?)js$/, ".d.$1ts");
  if (file !== null && placed.path !== null) await writeAtomically(placed.path, file);
  await writeAtomically(types, declarationText(content));
  await writeAtomically(out, text);
  report({ out, types, weights: placed.path, text, parts }, output);
  return exitCode.done;
}

/** The network at each size of `--input`, else at the one that it has. */
function loadSizes({ source, net, input, overrides, augmented }: Program, args: Arguments, output: Output): readonly Network[] {
  const augment = augmented ? readNoAugment(args) : "ignore";
  const given = args.sizes("input");
  return (given.length === 0 ? [input ?? undefined] : given).map((size, index) =>
    loadNetwork(source, output, { net, input: size, overrides, augment, repeated: index > 0 }),
  );
}

/** Filters that are formulas have as many weights at every size. */
function requireSharedWeights([first, ...others]: readonly Plan[]): void {
  for (const plan of others) {
    if (sizeText(plan.input) === sizeText(first.input)) throw new ArgumentError(`--input says ${sizeText(plan.input)} twice`);
    const differing = first.params.find(
      ({ path, shape }, index) => path !== plan.params[index]?.path || shape.join() !== plan.params[index].shape.join(),
    );
    if (differing === undefined) continue;
    const shape = plan.params.find(({ path }) => path === differing.path)?.shape ?? [];
    throw new ArgumentError(
      `sizes cannot share these weights: \`${differing.path}\` is [${differing.shape.join(", ")}] at ${sizeText(first.input)} and ` +
        `[${shape.join(", ")}] at ${sizeText(plan.input)}`,
      "compile a module for each size, or use layers whose weights do not depend on it: filters that are formulas, " +
        "and `gap` before `dense`",
    );
  }
}

function readTarget(args: Arguments): Target {
  const name = args.text("target") ?? "baseline";
  const found = targets.find((target) => target.name === name);
  // A module runs where nobody knew it would: on default limits, in slabs where a batch of training exceeds them.
  if (found !== undefined) return { ...found, ...defaultSizes };
  const names = targets.map((target) => target.name);
  throw new ArgumentError(`there is no target \`${name}\``, didYouMean(name, names) ?? `--target takes ${names.join(", ")}`);
}

function placeWeights(
  args: Arguments,
  file: Uint8Array | null,
  out: string,
): { readonly weights: ModelWeights; readonly path: string | null } {
  const wanted = args.choice("weights", ["inline", "file", "none"]);
  if (file === null) {
    if (wanted === "inline" || wanted === "file")
      throw new ArgumentError(
        `--weights ${wanted} needs weights, and a file alone has none`,
        "compile the folder of a run, or give --params FILE",
      );
    return { weights: { kind: "none" }, path: null };
  }
  const kind = wanted ?? (file.byteLength < inlineBytes ? "inline" : "file");
  if (kind === "none") return { weights: { kind }, path: null };
  if (kind === "inline") return { weights: { kind, base64: Buffer.from(file).toString("base64") }, path: null };
  const path = out.replace(/\.m?js$/, ".safetensors");
  return { weights: { kind, name: basename(path) }, path };
}

/** Bundled when specc was built: compiling needs no bundler. */
async function readRuntime(name: "infer" | "train"): Promise<string> {
  const place = new URL(`../../../../dist/module/${name}.js`, import.meta.url);
  try {
    return await readFile(place, "utf8");
  } catch (thrown) {
    if (systemCode(thrown) !== "ENOENT") throw thrown;
    throw new ArgumentError(`this copy of specc has no runtime for modules: ${place.pathname} is missing`, "build it: npm run build");
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function report(
  {
    out,
    types,
    weights,
    text,
    parts,
  }: { readonly out: string; readonly types: string; readonly weights: string | null; readonly text: string; readonly parts: ModelParts },
  output: Output,
): void {
  const bytes = Buffer.byteLength(text);
  const gzipBytes = gzipSync(text, { level: 9 }).byteLength;
  const kilobytes = (size: number): string => `${(size / 1000).toFixed(1)} KB`;
  const inputs = parts.plans.map(({ input }) => sizeText(input));
  output.record({
    type: "module",
    file: out,
    types,
    weights,
    bytes,
    gzipBytes,
    inputs,
    classes: parts.classes,
    training: parts.training !== null,
  });
  output.print(
    `wrote ${out}: ${kilobytes(bytes)}, ${kilobytes(gzipBytes)} with gzip; ` +
      `its types are ${types}${weights === null ? "" : `, its weights ${weights}`}`,
  );
  output.say(`  import { load } from "./${basename(out)}";`);
}
