/** @file Drawings as SVG text: the few elements that pictures of tiles and lines need. */

import { fontFamily } from "./picture-tools.ts";

export interface TextStyle {
  readonly size?: number;
  readonly fill?: string;
  readonly anchor?: "start" | "middle" | "end";
  readonly bold?: boolean;
}

/** A whole drawing, in CSS pixels on white. */
export function drawing(width: number, height: number, parts: readonly string[]): string {
  const size = `width="${digits(width)}" height="${digits(height)}" viewBox="0 0 ${digits(width)} ${digits(height)}"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${fontFamily}"><rect width="100%" height="100%" ` +
    `fill="white"/>${parts.join("")}</svg>`
  );
}

/** @param y of the base line */
export function text(
  x: number,
  y: number,
  content: string,
  { size = 11, fill = "#222", anchor = "start", bold = false }: TextStyle = {},
): string {
  const weight = bold ? ` font-weight="bold"` : "";
  return (
    `<text x="${digits(x)}" y="${digits(y)}" font-size="${size}" fill="${fill}" text-anchor="${anchor}"${weight} ` +
    `xml:space="preserve">${escaped(content)}</text>`
  );
}

export function image(x: number, y: number, width: number, height: number, uri: string): string {
  return (
    `<image x="${digits(x)}" y="${digits(y)}" width="${digits(width)}" height="${digits(height)}" preserveAspectRatio="none" ` +
    `href="${uri}"/>`
  );
}

export function rectangle(
  x: number,
  y: number,
  width: number,
  height: number,
  style: { readonly fill?: string; readonly stroke?: string },
): string {
  return (
    `<rect x="${digits(x)}" y="${digits(y)}" width="${digits(width)}" height="${digits(height)}" fill="${style.fill ?? "none"}" ` +
    `stroke="${style.stroke ?? "none"}" stroke-width="0.8"/>`
  );
}

export function line(points: readonly (readonly [number, number])[], stroke: string, width: number, dash = ""): string {
  const dashes = dash === "" ? "" : ` stroke-dasharray="${dash}"`;
  return (
    `<polyline points="${points.map(([x, y]) => `${digits(x)},${digits(y)}`).join(" ")}" fill="none" stroke="${stroke}" ` +
    `stroke-width="${width}" stroke-linejoin="round"${dashes}/>`
  );
}

/** A ring that shows on every colour. */
export function ring(x: number, y: number, radius: number): string {
  return [
    ["white", 2.2],
    ["black", 0.9],
  ]
    .map(
      ([stroke, width]) =>
        `<circle cx="${digits(x)}" cy="${digits(y)}" r="${digits(radius)}" fill="none" stroke="${stroke}" stroke-width="${width}"/>`,
    )
    .join("");
}

function digits(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
