/** @file Writes the report of an experiment: a page, figures and CSV files. */

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../../data/atomic-file.ts";
import type { Drawn } from "../drawing/picture-tools.ts";
import { joinDrawn } from "../drawing/picture-tools.ts";
import { drawAccuracies, drawLearning, leastForViolin } from "./figures.ts";
import type { Figure } from "./page.ts";
import { pageHtml } from "./page.ts";
import type { Experiment } from "./read.ts";
import { startedAt } from "./read.ts";
import { curvesOf, smoothing } from "./series.ts";
import { studentT } from "./statistics.ts";
import type { ReportTable } from "./table.ts";
import { csv, tableCsv } from "./table.ts";
import { accuracyTable, comparisonTable, costTable, reachTable, thresholdsOf, trialTable } from "./tables.ts";

export interface ReportRequest {
  readonly experiment: Experiment;
  /** Counted by the caller, who knows the compiler's layers. */
  readonly parameters: readonly ReportTable[];
  /** Validation accuracies; undefined: round ones. */
  readonly reach: readonly number[] | undefined;
  /** What makes it again. */
  readonly commands: readonly string[];
  readonly folder: string;
}

export interface WrittenReport {
  readonly page: string;
  readonly files: readonly string[];
  readonly notes: readonly string[];
  readonly accuracy: ReportTable;
  readonly comparisons: ReportTable | undefined;
}

export async function writeReport({ experiment, parameters, reach, commands, folder }: ReportRequest): Promise<WrittenReport> {
  const {
    nets,
    remarks,
    collection: { plan },
  } = experiment;
  await mkdir(folder, { recursive: true });
  const student = await studentT();
  const points = curvesOf(experiment);
  const learning = await drawLearning(experiment, points, folder);
  const accuracies = await drawAccuracies(experiment, folder);
  const accuracy = accuracyTable(experiment, student);
  const comparisons = comparisonTable(experiment, student);
  const reached = reachTable(experiment, reach ?? thresholdsOf(experiment));
  const tables = [
    accuracy,
    ...(comparisons === undefined ? [] : [comparisons]),
    ...(reached === undefined ? [] : [reached]),
    costTable(experiment),
    ...parameters,
    trialTable(experiment),
  ];
  const [first, second, ...others] = tables;
  const density = nets.some(({ runs }) => runs.length >= leastForViolin)
    ? "The outline is a kernel density estimate (Gaussian, Silverman's bandwidth), " +
      "drawn to two bandwidths beyond the outermost trials and scaled to one width."
    : `With fewer than ${leastForViolin} trials no density is drawn.`;
  const figures: readonly Figure[] = [
    {
      title: "Learning curves",
      svg: await drawing(learning),
      note:
        "Mean over the trials of each network, with a band of one standard deviation to each side. Above: " +
        `the loss of training batches, the mean of the last ${smoothing(experiment)} (over epochs: of the whole epoch). Below: ` +
        "accuracy on the validation images after each epoch. Time is that of training and validation, " +
        "without the time to compile kernels; points over time stand at the mean time of the trials.",
    },
    {
      title: `Accuracy on the ${nets[0].runs[0].line.measuredOn} images`,
      svg: await drawing(accuracies),
      note: `Every point is a trial, the bar is the median. ${density}`,
    },
  ];
  const { title, summary, conditions } = await describeExperiment(experiment);
  const html = pageHtml({
    title,
    summary,
    remarks,
    parts: [first, figures[0], figures[1], ...(second === undefined ? [] : [second]), ...others],
    conditions,
    program: plan.program.text,
    commands,
    nets: nets.map(({ name }) => name),
  });
  const page = join(folder, "report.html");
  await writeAtomically(page, html);
  const files = [page];
  const write = async (name: string, content: string): Promise<void> => {
    files.push(join(folder, name));
    await writeAtomically(join(folder, name), content);
  };
  for (const table of tables) await write(`${table.name}.csv`, tableCsv(table));
  await write(
    "learning-curves.csv",
    csv(
      ["network", "quantity", "axis", "x", "mean", "deviation", "trials"],
      points.map(({ net, quantity, axis, x, mean, deviation, count }) => [
        net,
        quantity,
        axis,
        x,
        mean,
        Number.isNaN(deviation) ? "" : deviation,
        count,
      ]),
    ),
  );
  const drawn = joinDrawn([learning, accuracies]);
  return { page, files: [...files, ...drawn.files], notes: drawn.notes, accuracy, comparisons };
}

async function drawing({ files }: Drawn): Promise<string | undefined> {
  const svg = files.find((file) => file.endsWith(".svg"));
  return svg === undefined ? undefined : readFile(svg, "utf8");
}

async function describeExperiment({
  nets,
  collection: { plan, done },
}: Experiment): Promise<{ title: string; summary: readonly string[]; conditions: readonly (readonly [string, string])[] }> {
  const { line } = nets[0].runs[0];
  const names = nets.map(({ name }) => name);
  const counts = [...new Set(nets.map(({ runs }) => runs.length))];
  const many = (value: number): string => value.toLocaleString("en");
  const listed = names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
  const seeds = [...new Set(done.map(({ trial }) => trial.seed))].sort((a, b) => a - b);
  const started = (await Promise.all(nets.flatMap(({ runs }) => runs.map(startedAt)))).flatMap((time) => time ?? []).sort();
  const flags = Object.entries(plan.options).map(([name, values]) =>
    values.length === 0 ? `--${name}` : values.map((value) => `--${name} ${value}`).join(" "),
  );
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const times = fewest === most ? `${most} ${most === 1 ? "time" : "times"}` : `${fewest} to ${most} times`;
  const trained = names.length === 1 ? `One network was trained ${times}` : `${names.length} networks were trained ${times} each`;
  return {
    title: `${names.length > 1 ? "Comparison of " : "Trials of "}${listed}`,
    summary: [
      `${trained}, for ${line.epochs} epochs, ` +
        `on ${many(line.images.training)} images of ${line.input} (${line.classes.join(", ")}). ` +
        "In trials with the same seed all networks had the same training and validation images, in the same order.",
      `${many(line.images.validation)} validation images chose the epoch, by the lowest loss; ` +
        `its weights were then measured once on the ${many(line.count)} ${line.measuredOn} images.`,
    ],
    conditions: [
      ["program", plan.program.name],
      ["networks", names.join(", ")],
      ["seeds", seeds.join(", ")],
      ["options", flags.length === 0 ? "none: as the program says" : flags.join(" ")],
      [
        "training",
        Object.entries(line.train)
          .filter(([name]) => name !== "seed")
          .map(([name, value]) => `${name}: ${value}`)
          .join(", "),
      ],
      ["data", `${plan.places.data}; training images ${line.data.slice(0, 16)}... (SHA-256)`],
      [
        "images",
        `${many(line.images.training)} training, ${many(line.images.validation)} validation, ` +
          `${many(line.count)} ${line.measuredOn}, ${line.input}`,
      ],
      ["adapter", [...new Set(done.map((found) => found.line.adapter))].join("; ")],
      ["specc", [...new Set(done.map((found) => found.line.specc))].join("; ")],
      ["began", started.length === 0 ? "unknown" : `${started[0]}${started.length > 1 ? `; last trial ${started.at(-1) ?? ""}` : ""}`],
    ],
  };
}
