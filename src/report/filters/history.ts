/** @file filters.gif: the filters of a run, epoch after epoch, every filter on one scale throughout. */

import { linePlot } from "../drawing/line-plot.ts";
import type { Drawn } from "../drawing/picture-tools.ts";
import { writeAnimation } from "../drawing/picture-tools.ts";
import { dcPlace, largest, partOf } from "../drawing/spectrum.ts";
import { drawing, line, text } from "../drawing/svg.ts";
import { complexTile, css, imaginaryScale, realScale, shortNumber, signedTile, spatialScale, tileSize } from "../drawing/tiles.ts";
import type { Filter, FilterLayer } from "./layer.ts";
import { filterOf, kernelRadius, shownKernel } from "./layer.ts";
import type { Mark } from "./tiles.ts";
import { markedTile } from "./tiles.ts";

export interface HistoryMoment {
  readonly epoch: number;
  readonly layers: readonly FilterLayer[];
  /** In validation, 0 to 1. */
  readonly accuracy: number | undefined;
}

const margin = 16;
const side = 76;
const gap = 6;
const headHeight = 66;
const labelHeight = 20;
/** With the numbers below a tile. */
const rowHeight = side + 18;
const layerGap = 8;
/** Of a layer: more make frames too wide to look at. */
const mostFilters = 10;
/** More epochs than this are thinned out. */
const mostFrames = 60;

export async function drawFilterHistory(moments: readonly HistoryMoment[], about: string, limit: number, folder: string): Promise<Drawn> {
  const step = Math.ceil(moments.length / mostFrames);
  // The last epoch is always there.
  const shown = moments.filter((_, index) => (moments.length - 1 - index) % step === 0);
  const most = Math.min(limit, mostFilters);
  if (shown[0].layers.length === 0) return { files: [], notes: [] };
  const scales = scalesOf(shown, most);
  const drawn = await writeAnimation(
    folder,
    "filters",
    shown.map((moment) => () => frame(moment, moments[moments.length - 1].epoch, scales, about, most)),
  );
  const thinned = step > 1 ? [`filters.gif shows every ${step} epochs of ${moments.length - 1}`] : [];
  return { files: drawn.files, notes: [...drawn.notes, ...thinned] };
}

interface Scales {
  readonly spectrum: number;
  readonly kernel: number;
  /** Of what is drawn of the kernel. */
  readonly radius: number;
}

/** [layer][filter], over all moments. */
function scalesOf(moments: readonly HistoryMoment[], most: number): readonly (readonly Scales[])[] {
  return moments[0].layers.map((first, layer) =>
    Array.from({ length: Math.min(most, first.filterCount) }, (_, filter) => {
      const filters = moments.map((moment) => filterOf(moment.layers[layer], filter));
      return {
        spectrum: Math.max(...filters.map(({ spectrum }) => largest(spectrum))),
        kernel: Math.max(...filters.map(({ kernel }) => largest(kernel))),
        radius: Math.max(...filters.map(kernelRadius)),
      };
    }),
  );
}

async function frame(
  { epoch, layers, accuracy }: HistoryMoment,
  last: number,
  scales: readonly (readonly Scales[])[],
  about: string,
  most: number,
): Promise<string> {
  const parts: string[] = [];
  let y = headHeight;
  for (const [index, layer] of layers.entries()) {
    const count = Math.min(most, layer.filterCount);
    parts.push(
      text(margin, y + 13, `${layer.title}${count < layer.filterCount ? `, ${count} of ${layer.filterCount}` : ""}`, { bold: true }),
    );
    for (let filter = 0; filter < count; filter++)
      parts.push(await pair(filterOf(layer, filter), layer, scales[index][filter], margin + filter * (side + gap), y + labelHeight));
    y += labelHeight + 2 * rowHeight + layerGap;
  }
  const widest = Math.max(...layers.map(({ filterCount }) => Math.min(most, filterCount)));
  const width = Math.max(2 * margin + widest * (side + gap), 620);
  const score = accuracy === undefined ? "" : `, validation accuracy ${(100 * accuracy).toFixed(1)} %`;
  const [left, right] = [margin, width - margin];
  const reached = left + ((right - left) * epoch) / Math.max(1, last);
  const head = [
    text(margin, 22, `epoch ${epoch} of ${last}${score}`, { size: 14, bold: true }),
    text(
      margin,
      38,
      `${about.split(":")[0]}: spectra (|Re| blue, |Im| red, ring at DC), kernels below them; the scales stand below, ` +
        "the same in every epoch",
      { size: 9.5, fill: "#555" },
    ),
    line(
      [
        [left, 50],
        [right, 50],
      ],
      "#ccc",
      3,
    ),
    line(
      [
        [left, 50],
        [reached, 50],
      ],
      css(realScale.positive),
      3,
    ),
  ];
  return drawing(width, y, [...head, ...parts]);
}

/** The spectrum, and the kernel below it. */
async function pair(filter: Filter, layer: FilterLayer, scales: Scales, x: number, y: number): Promise<string> {
  const { spectrum } = filter;
  const kernel = shownKernel(filter, layer, scales.radius);
  const below = y + rowHeight;
  const [spectrumScale, kernelScale] = [`${layer.signal ? "±" : "0.."}${shortNumber(scales.spectrum)}`, `±${shortNumber(scales.kernel)}`];
  if (layer.signal) {
    const place = { x, y, width: side, height: side };
    const parts = [
      { values: partOf(spectrum, 0).data, colour: css(realScale.positive) },
      { values: partOf(spectrum, 1).data, colour: css(imaginaryScale.positive) },
    ];
    const numbers = [spectrumScale, kernelScale].map((scale, row) =>
      text(x, y + side + 12 + row * rowHeight, scale, { size: 10, fill: "#555" }),
    );
    return [
      ...numbers,
      linePlot(place, parts, { low: -0.5, high: 0.5 }, scales.spectrum),
      linePlot(
        { ...place, y: below },
        [{ values: kernel.data, colour: css(spatialScale.positive) }],
        { low: -kernel.width / 2, high: kernel.width / 2 },
        scales.kernel,
      ),
    ].join("");
  }
  const [size, kernelSize] = [tileSize(spectrum, side), tileSize(kernel, side)];
  const dc: Mark = { ...dcPlace(spectrum.height, spectrum.width), by: "ring" };
  return (
    markedTile(x, y, size, spectrum, await complexTile(spectrum, scales.spectrum, size.tileHeight, size.tileWidth), dc, spectrumScale) +
    markedTile(
      x,
      below,
      kernelSize,
      kernel,
      await signedTile(kernel, scales.kernel, spatialScale, kernelSize.tileHeight, kernelSize.tileWidth),
      undefined,
      kernelScale,
    )
  );
}
