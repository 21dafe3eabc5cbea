/** @file `specc show --filters`: what each filter does to frequencies and pixels, and how it came to be. */

import type { Drawn } from "../../../report/drawing/picture-tools.ts";
import { joinDrawn } from "../../../report/drawing/picture-tools.ts";
import { mostRecorded } from "../../../report/folder/filter-record.ts";
import { filterLayers } from "../../../runs/filters.ts";
import type { Arguments } from "../../shell/arguments.ts";
import { ArgumentError } from "../../shell/arguments.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import type { Host, Output } from "../../shell/output.ts";
import type { ShownNetwork } from "./shown-network.ts";
import { limitFlag, outFlag, pictureFolder, readShown, reportPictures, shownFlags } from "./shown-network.ts";
import type { Subject } from "./subject.ts";

export const filtersSubject: Subject = {
  name: "filters",
  about: "the filters of each layer: spectra, kernels in space, parameters, and how training changed them",
  usage: "RUN|FILE --filters [--limit N] [--weights best|last] [--out PLACE]",
  flags: { ...shownFlags, limit: limitFlag, out: outFlag },
  examples: {
    "specc show runs/train/net --filters": "what the filters of a run have become",
    "specc show examples/wood2021-paper.spec --net gaussian --filters": "what they start as",
  },
  notes:
    "--filters draws filters-LAYER.png and .svg for each convolution, and filters.gif, every epoch after the other, " +
    "from the record in the run folder. docs/show.md says what there is to see.",
  show,
};

/** Of a layer; --limit says otherwise. */
const mostFilters = 16;

async function show(args: Arguments, output: Output, host: Host, signal: AbortSignal): Promise<ExitCode> {
  const limit = args.integer("limit", 1) ?? mostFilters;
  const shown = await readShown(args, output, host);
  const [layers] = await filterLayers(shown.network, [shown.params]);
  if (layers.length === 0) throw new ArgumentError(`${args.positional(0)} has no filters: no layer of it is a convolution`);
  const folder = await pictureFolder(args, shown.place);
  const { drawFilterSheet } = await import("../../../report/filters/sheet.ts");
  const drawn: Drawn[] = [];
  for (const layer of layers) {
    signal.throwIfAborted();
    output.progress(`drawing ${layer.path}`);
    drawn.push(await drawFilterSheet(layer, shown.about, limit, folder));
  }
  signal.throwIfAborted();
  output.progress("drawing the epochs");
  if (shown.run !== undefined) drawn.push(await drawHistory(shown, limit, folder));
  return reportPictures("filters", joinDrawn(drawn), {}, output);
}

/** The animation, or why there is none. */
async function drawHistory({ network, params, run, about }: ShownNetwork, limit: number, folder: string): Promise<Drawn> {
  const moments = (await run?.filterRecord.read()) ?? [];
  if (moments.length < 2) {
    const why =
      moments.length === 0
        ? "the run has no filters.ndjson: it was trained by an older version, " +
          `or all its filters hold more than ${mostRecorded.toLocaleString("en")} numbers`
        : "the run has not finished an epoch";
    return { files: [], notes: [`no animation: ${why}`] };
  }
  const recorded = new Set(moments.flatMap((moment) => [...moment.params.keys()]));
  const layers = await filterLayers(
    network,
    moments.map((moment) => new Map([...params, ...moment.params])),
  );
  // Filters outside the record would stand still as they are now.
  const known = layers.map((moment) =>
    moment.filter(({ path }) => [...recorded].some((name) => name.startsWith(`${path}.`) && !/\.(?:bias|mix|scale)$/.test(name))),
  );
  const missing = layers[0].filter((layer) => !known[0].some(({ path }) => path === layer.path)).map(({ path }) => path);
  const rows = (await run?.results.read()) ?? [];
  const { drawFilterHistory } = await import("../../../report/filters/history.ts");
  const drawn = await drawFilterHistory(
    moments.map(({ epoch }, index) => ({ epoch, layers: known[index], accuracy: rows.find((row) => row.epoch === epoch)?.valAccuracy })),
    about,
    limit,
    folder,
  );
  return joinDrawn([
    drawn,
    {
      files: [],
      notes:
        missing.length === 0
          ? []
          : [`not in the animation: ${missing.join(", ")}, whose filters hold more than ${mostRecorded.toLocaleString("en")} numbers`],
    },
  ]);
}
