/** @file A CSV file of numbers that grows while a run trains. */

import { appendFile, readFile, stat } from "node:fs/promises";
import { writeAtomically } from "../../data/atomic-file.ts";
import { DataError, unlessMissing } from "../../data/data-error.ts";

export interface Column<Row> {
  readonly title: string;
  readonly key: keyof Row & string;
  /** May be an empty cell. */
  readonly optional?: true;
  /** Digits behind the point; absent: the shortest that read back as the same number. */
  readonly digits?: number;
}

export class RowFile<Row> {
  readonly path: string;
  readonly #columns: readonly Column<Row>[];
  readonly #header: string;

  constructor(path: string, columns: readonly Column<Row>[]) {
    this.path = path;
    this.#columns = columns;
    this.#header = columns.map(({ title }) => title).join(",");
  }

  /** Adds rows, and the header to a new file. */
  async append(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const isNew = await this.#isEmpty();
    try {
      await appendFile(this.path, `${isNew ? `${this.#header}\n` : ""}${rows.map((row) => `${this.#line(row)}\n`).join("")}`);
    } catch (thrown) {
      // A write that fails, on a full disk, names no file.
      if (thrown instanceof Error) Object.assign(thrown, { path: this.path });
      throw thrown;
    }
  }

  /**
   * The rows in order; none without the file. A last line that was cut off by a crash is not a row.
   * @throws DataError naming the file and the line where another is damaged
   */
  async read(): Promise<readonly Row[]> {
    const lines = (await this.#text()).split("\n").slice(1, -1);
    return lines.map((text, index) => {
      const row = this.#parse(text);
      if (row !== undefined) return row;
      throw new DataError(`${this.path}, line ${index + 2}: it is not a row of ${this.#header}`);
    });
  }

  /** For a resumed run: forgets the rows of what is going to be trained again. */
  async keep(wanted: (row: Row) => boolean): Promise<void> {
    const kept = (await this.read()).filter(wanted);
    await writeAtomically(this.path, [this.#header, ...kept.map((row) => this.#line(row)), ""].join("\n"));
  }

  async #isEmpty(): Promise<boolean> {
    return ((await unlessMissing(stat(this.path)))?.size ?? 0) === 0;
  }

  async #text(): Promise<string> {
    return (await unlessMissing(readFile(this.path, "utf8"))) ?? "";
  }

  #line(row: Row): string {
    return this.#columns
      .map(({ key, digits }) => {
        const value = row[key];
        return typeof value === "number" && digits !== undefined ? value.toFixed(digits) : String(value ?? "");
      })
      .join(",");
  }

  #parse(text: string): Row | undefined {
    const cells = text.split(",");
    if (cells.length !== this.#columns.length) return undefined;
    if (this.#columns.some(({ optional }, index) => cells[index] === "" && optional !== true)) return undefined;
    if (cells.some((cell) => !Number.isFinite(Number(cell)))) return undefined;
    return Object.fromEntries(this.#columns.map(({ key }, index) => [key, cells[index] === "" ? undefined : Number(cells[index])])) as Row;
  }
}
