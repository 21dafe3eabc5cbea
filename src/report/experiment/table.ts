/** @file A table of a report: as people read it, and as CSV with all digits. */

export interface ReportTable {
  /** Of its CSV file. */
  readonly name: string;
  readonly title: string;
  /** What must be known to read it. */
  readonly note: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** What is shown, and the number behind it where there is one. */
export interface Cell {
  readonly text: string;
  readonly value?: number | string;
}

export function left(title: string): Column {
  return { title, align: "left" };
}

export function right(title: string): Column {
  return { title, align: "right" };
}

/** A number with a fixed number of digits; nothing for NaN. */
export function number(value: number, digits: number): Cell {
  return { text: Number.isFinite(value) ? value.toFixed(digits).replace(/^-/, "−") : "–", value: Number.isFinite(value) ? value : "" };
}

export function count(value: number | null): Cell {
  return { text: value === null ? "–" : value.toLocaleString("en"), value: value ?? "" };
}

export function text(value: string): Cell {
  return { text: value };
}

/** Small probabilities by their bound: more digits would be of the method, not of the data. */
export function probability(value: number): Cell {
  if (!Number.isFinite(value)) return { text: "–", value: "" };
  return { text: value < 0.001 ? "< 0.001" : value.toFixed(3), value };
}

/** RFC 4180, without the typographic signs of the page. */
export function csv(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string =>
    /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
}

export function tableCsv({ columns, rows }: ReportTable): string {
  return csv(
    columns.map(({ title }) => title),
    rows.map((row) => row.map(({ text, value }) => (typeof value === "number" ? Number(value.toPrecision(10)) : (value ?? text)))),
  );
}
