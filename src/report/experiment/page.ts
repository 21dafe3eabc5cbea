/** @file The report of an experiment as one HTML page that needs nothing else, on a screen and on paper. */

import { styleOf } from "./marks.ts";
import type { ReportTable } from "./table.ts";

export interface Figure {
  readonly title: string;
  readonly note: string;
  /** The drawing itself; undefined where it could not be drawn. */
  readonly svg: string | undefined;
}

export interface Page {
  readonly title: string;
  /** What was done, in a few sentences. */
  readonly summary: readonly string[];
  /** What a reader must know before believing it. */
  readonly remarks: readonly string[];
  readonly parts: readonly (ReportTable | Figure)[];
  /** Conditions by name. */
  readonly conditions: readonly (readonly [string, string])[];
  readonly program: string;
  /** What makes it all again. */
  readonly commands: readonly string[];
  /** In the order of the figures' colours. */
  readonly nets: readonly string[];
}

const style = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1a1a1a;
  font: 16px/1.5 Charter, "Bitstream Charter", "Sitka Text", Cambria, "DejaVu Serif", Georgia, serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .8rem; text-wrap: balance; }
h2 { font-size: 1.15rem; margin: 2.8rem 0 .6rem; }
p { margin: .4rem 0; max-width: 46rem; }
.remarks { border-left: 3px solid #b35a00; padding: .1rem 0 .1rem 1rem; margin: 1.2rem 0; max-width: 46rem; }
figure { margin: 2.4rem 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { font-size: .875rem; line-height: 1.4; color: #333; max-width: 46rem; margin-top: .6rem; }
.table figcaption { margin: 0 0 .6rem; }
b { font-weight: 600; color: #111; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums lining-nums;
  border-top: 1.5px solid #111; border-bottom: 1.5px solid #111; }
thead th { border-bottom: .75px solid #111; vertical-align: bottom; font-weight: 600; }
th, td { padding: .24rem .7rem; text-align: left; }
th:first-child, td:first-child { padding-left: .2rem; }
td { white-space: nowrap; }
th:last-child, td:last-child { padding-right: .2rem; }
tbody tr:first-child > * { padding-top: .4rem; }
tbody tr:last-child > * { padding-bottom: .4rem; }
tbody th { font-weight: 400; }
.right { text-align: right; }
i.net { display: inline-block; width: .62em; height: .62em; margin-right: .5em; border-radius: 50%; }
pre { font: .8rem/1.45 "DejaVu Sans Mono", Consolas, Menlo, monospace; background: #f5f5f3; padding: .8rem 1rem;
  overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.4rem; font-size: .9rem; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) { main { padding: 1.2rem 1rem 2rem; } dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
@page { size: A4; margin: 18mm 16mm; }
@media print {
  :root { font-size: 10pt; }
  body { font-size: 1rem; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  figure, tr, .remarks { break-inside: avoid; }
  .table { break-inside: auto; }
  .table.short { break-inside: avoid; }
  figcaption { break-after: avoid; }
  figure { margin: 1.4rem 0; }
  .wide { overflow: visible; }
  thead { display: table-header-group; }
  th, td { padding-left: .4rem; padding-right: .4rem; }
  table { font-size: .85rem; }
  pre { background: none; border: .5px solid #999; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;

export function pageHtml({ title, summary, remarks, parts, conditions, program, commands, nets }: Page): string {
  let [figures, tables] = [0, 0];
  const drawn = parts.map((part) => ("rows" in part ? tableHtml(part, ++tables, nets) : figureHtml(part, ++figures)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${summary.map((sentence) => `<p>${escape(sentence)}</p>`).join("\n")}
${remarks.length === 0 ? "" : `<div class="remarks" role="note">${remarks.map((remark) => `<p>${escape(remark)}</p>`).join("\n")}</div>`}
${drawn.join("\n")}
<h2>Conditions</h2>
<dl>
${conditions.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join("\n")}
</dl>
<h2>To make it again</h2>
<pre>${escape(commands.join("\n"))}</pre>
<h2>The program</h2>
<pre>${escape(program.trimEnd())}</pre>
</main>
</body>
</html>
`;
}

function figureHtml({ title, note, svg }: Figure, number: number): string {
  const caption = `<figcaption><b>Figure ${number}. ${escape(title)}.</b> ${escape(note)}</figcaption>`;
  const drawing =
    svg === undefined
      ? "<p>This figure could not be drawn.</p>"
      : svg.replace(/^<\?xml[^>]*>\s*/, "").replace("<svg", `<svg role="img" aria-label="${escape(title)}"`);
  return `<figure>\n${drawing}\n${caption}\n</figure>`;
}

/** Rows that fit on a page are not divided. */
const shortTable = 25;

function tableHtml({ title, note, columns, rows }: ReportTable, number: number, nets: readonly string[]): string {
  const side = (index: number): string => (columns[index].align === "right" ? ' class="right"' : "");
  const head = columns.map((column, index) => `<th scope="col"${side(index)}>${escape(column.title)}</th>`).join("");
  const body = rows
    .map(
      (cells) =>
        `<tr>${cells
          .map(({ text }, index) => {
            const net = index === 0 ? nets.indexOf(text) : -1;
            const mark = net < 0 ? "" : `<i class="net" style="background:${styleOf(net).colour}"></i>`;
            return index === 0 ? `<th scope="row">${mark}${escape(text)}</th>` : `<td${side(index)}>${escape(text)}</td>`;
          })
          .join("")}</tr>`,
    )
    .join("\n");
  return `<figure class="table${rows.length <= shortTable ? " short" : ""}">
<figcaption id="table-${number}"><b>Table ${number}. ${escape(title)}.</b> ${escape(note)}</figcaption>
<div class="wide"><table aria-labelledby="table-${number}">
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody>
</table></div>
</figure>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
