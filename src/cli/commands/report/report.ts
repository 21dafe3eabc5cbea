/** @file `specc report`: tables, curves and tests of an experiment, as a page, pictures and CSV. */

import { join } from "node:path";
import { readExperiment } from "../../../report/experiment/read.ts";
import { writeReport } from "../../../report/experiment/report.ts";
import type { ReportTable } from "../../../report/experiment/table.ts";
import { renderTable } from "../../../report/terminal.ts";
import { collectTrials } from "../../../trials/collect.ts";
import type { TrialPlan } from "../../../trials/plan.ts";
import type { Arguments } from "../../shell/arguments.ts";
import { ArgumentError } from "../../shell/arguments.ts";
import type { Command } from "../../shell/command.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { exitCode } from "../../shell/exit-code.ts";
import type { Output } from "../../shell/output.ts";
import { reportCollection } from "../trials/collect.ts";
import { parameterTables } from "./parameters.ts";

export const reportCommand: Command = {
  manual: {
    name: "report",
    usage: "report DIR... [--out DIR]",
    about:
      "Makes a report of the trials of an experiment: accuracies with intervals and paired tests, learning curves, " +
      "every trial as a point, epochs to reach accuracies, time, memory, parameters. One HTML page that needs no network, " +
      "the figures as SVG and PNG, the tables as CSV.",
    positionals: ["DIR..."],
    flags: {
      out: { value: "DIR", about: "where it goes", fallback: "DIR/report" },
      reach: { value: "LIST", about: "validation accuracies to reach: 0.6,0.65", fallback: "round ones" },
    },
    examples: {
      "specc report pets-trials": "pets-trials/report/report.html",
      "specc report node1/t node2/t --out pets-report --reach 0.6,0.7,0.8": "trials of two machines",
    },
    notes: "Unfinished experiments have a report too; it says which trials are missing.",
  },
  run,
};

async function run(args: Arguments, output: Output): Promise<ExitCode> {
  const root = args.positional(0);
  const reach = readReach(args);
  const collection = await collectTrials(args.positionals);
  await reportCollection(collection, args.positionals, output);
  const experiment = await readExperiment(collection);
  if (experiment.nets.length === 0)
    throw new ArgumentError(`${args.positionals.join(", ")}: no trial is done yet`, "specc trials does them");
  const { plan, done } = collection;
  const nets = [...new Set(done.map(({ trial }) => trial.net))];
  const report = await writeReport({
    experiment,
    reach,
    folder: args.text("out") ?? join(root, "report"),
    commands: commandsOf(plan, root),
    parameters: parameterTables(plan, nets, done[0].line.input, output),
  });
  output.record({ type: "result", command: "report", page: report.page, files: report.files, trials: done.length });
  output.print(terminalTable(report.accuracy, output));
  if (report.comparisons !== undefined) output.print(`\n${terminalTable(report.comparisons, output)}`);
  for (const note of report.notes) output.remark(`note: ${note}`);
  output.print(`\nreport: ${report.page}`);
  return exitCode.done;
}

function terminalTable({ columns, rows }: ReportTable, output: Output): string {
  return renderTable(
    columns.map(({ title }) => title),
    rows.map((row) => row.map(({ text }) => text)),
    { colour: output.colour, align: columns.map(({ align }) => align) },
  );
}

function readReach(args: Arguments): readonly number[] | undefined {
  const text = args.text("reach");
  if (text === undefined) return undefined;
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (values.every((value) => value > 0 && value <= 1)) return values;
  throw new ArgumentError(`--reach takes accuracies from 0 to 1 with commas, not \`${text}\``, "for example --reach 0.6,0.65,0.7");
}

/** What makes the experiment again, from its program. */
function commandsOf({ program, options, places, trials }: TrialPlan, root: string): readonly string[] {
  const word = (text: string): string => (/^[\w./:=%@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
  const nets = [...new Set(trials.flatMap(({ net }) => net ?? []))];
  const seeds = [...new Set(trials.map(({ seed }) => seed))];
  const flags = Object.entries(options).flatMap(([name, values]) =>
    values.length === 0 ? [`--${name}`] : values.map((value) => `--${name} ${word(value)}`),
  );
  return [
    [
      "specc trials",
      word(program.name),
      ...(nets.length === 0 ? [] : [`--nets ${nets.join(",")}`]),
      `--data ${word(places.data)}`,
      ...(places.val === null ? [] : [`--val ${word(places.val)}`]),
      `--seeds ${seeds.join(",")}`,
      ...flags,
      `--out ${word(root)}`,
    ].join(" "),
    `specc report ${word(root)}`,
  ];
}
