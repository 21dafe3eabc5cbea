/** @file confusion.png: the confusion matrix, each row coloured by its shares. */

import type { Confusion } from "../confusion.ts";
import { accuracyOf } from "../confusion.ts";
import type { ChartTools, Drawn } from "../drawing/picture-tools.ts";
import { fontFamily, writePicture } from "../drawing/picture-tools.ts";

/** Beyond this, numbers do not fit their cells and colours alone have to do. */
const mostNumbers = 25;

interface Cell {
  readonly truth: string;
  readonly taken: string;
  readonly count: number;
  /** Of the class's items. */
  readonly share: number;
}

export function drawConfusion(confusion: Confusion, folder: string): Promise<Drawn> {
  return writePicture(folder, "confusion", (tools) => matrix(tools, confusion));
}

function matrix({ Plot, document }: ChartTools, confusion: Confusion): Element {
  const { classes, counts } = confusion;
  const size = classes.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const longest = Math.min(24, Math.max(...classes.map((name) => name.length)));
  const cell = Math.max(12, Math.min(size <= 4 ? 90 : 52, 1000 / size));
  const margin = 34 + 7.5 * longest;
  // Names beside each other collide unless they are short.
  const turned = longest * 7.5 > cell - 4;
  const marginTop = 66 + (turned ? 7.5 * longest : 20);
  const name = (index: number): string => shortened(classes[index], index);
  const cells = Array.from(counts, (count, at): Cell => {
    const row = Math.floor(at / size);
    const inRow = counts.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value, 0);
    return { truth: name(row), taken: name(at % size), count, share: inRow === 0 ? 0 : count / inRow };
  });
  const names = classes.map((_, index) => name(index));
  const title = `accuracy ${(100 * accuracyOf(confusion)).toFixed(1)} % of ${total.toLocaleString("en")} images`;
  const width = margin + size * cell + 24;
  const height = marginTop + size * cell + 20;
  return Plot.plot({
    document,
    width: Math.max(width, 320),
    height,
    marginLeft: margin,
    marginRight: Math.max(width, 320) - margin - size * cell,
    marginTop,
    marginBottom: 20,
    padding: 0.04,
    style: { fontFamily, fontSize: "12px", background: "white" },
    x: {
      domain: names,
      axis: "top",
      label: "predicted class",
      labelAnchor: "center",
      labelArrow: "none",
      labelOffset: marginTop - 40,
      tickSize: 0,
      tickRotate: turned ? -90 : 0,
    },
    y: { domain: names, label: "true class", labelAnchor: "center", labelArrow: "none", labelOffset: margin - 12, tickSize: 0 },
    color: { type: "linear", domain: [0, 1], range: ["#eef3f8", "#174a85"] },
    marks: [
      Plot.cell(cells, { x: "taken", y: "truth", fill: "share" }),
      ...(size <= mostNumbers
        ? [
            Plot.text(cells, {
              x: "taken",
              y: "truth",
              text: (item: Cell) => (item.count === 0 ? "" : String(item.count)),
              fill: (item: Cell) => (item.share > 0.5 ? "white" : "#222"),
              fontSize: size <= 4 ? 16 : 12,
            }),
          ]
        : []),
      Plot.text([title], {
        frameAnchor: "top-left",
        dx: 8 - margin,
        dy: 16 - marginTop,
        fontSize: 14,
        fontWeight: "bold",
        lineAnchor: "middle",
      }),
    ],
  });
}

/** Names that are cut stay distinct by their number. */
function shortened(name: string, index: number): string {
  return name.length <= 24 ? name : `${name.slice(0, 20)}… ${index}`;
}
