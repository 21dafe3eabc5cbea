/** @file Loads and stores: the WGSL functions through which the text of a kernel reaches its ports. */

import { bug } from "../diagnostics/diagnostic.ts";
import { printWgsl } from "../expr/expr.ts";
import { elementNames, operandName, storedName } from "../expr/operands.ts";
import type { Dtype } from "../graph/types.ts";
import { sameShape } from "../graph/types.ts";
import { broadcastIndex } from "../ops/map.ts";
import type { Bindings, Shift } from "./bindings.ts";
import { elementTypes, wideType } from "./bindings.ts";
import type { Port, Ref } from "./context.ts";

/** A port of a text that several pieces share: theirs, in order. */
export interface Family {
  readonly ports: readonly Port[];
  /** Completes the names of its functions: `0`, or `0_1`. */
  readonly name: string;
  readonly shifts: Shift[];
}

/** The memory behind ports whose elements are as they are. */
function plainRefs({ ports }: Family): readonly Ref[] {
  return ports.map((port) => (port.value === undefined ? port.refs[0] : bug("computed elements where plain ones were asked for")));
}

function refsAt({ ports }: Family, position: number): readonly Ref[] {
  return ports.map((port) => port.refs[position]);
}

export function loadFunction(family: Family, bindings: Bindings): () => string {
  const [port] = family.ports;
  if (port.pairs === true) {
    const read = bindings.readPairs(plainRefs(family), family.shifts);
    return () => `fn load${family.name}(i: u32) -> ${wideType} { return ${read("i")}; }`;
  }
  const type = elementTypes[port.type.dtype];
  const reads = port.refs.map((_, position) => bindings.read(refsAt(family, position), family.shifts));
  return () => {
    if (port.value === undefined) return `fn load${family.name}(i: u32) -> ${type} { return ${reads[0]("i")}; }`;
    const names = new Map<string, string>();
    const lines = port.refs.map((ref, input) => {
      bindElement(names, operandName(input), `v${input}`, ref.type.dtype);
      return `let v${input} = ${reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, "i")))};`;
    });
    const { lets, results } = printWgsl(
      partsOf(port),
      (name) => names.get(name) ?? bug(`load${family.name}: unknown variable ${name}`),
      "t",
    );
    const value = port.type.dtype === "c32" ? `vec2f(${results.join(", ")})` : results[0];
    return [
      `fn load${family.name}(i: u32) -> ${type} {`,
      ...lines.map((line) => `  ${line}`),
      ...lets.map((line) => `  ${line}`),
      `  return ${value};`,
      `}`,
    ].join("\n");
  };
}

export function storeFunction(family: Family, bindings: Bindings): () => string {
  const [port] = family.ports;
  const name = `out${family.name}`;
  if (port.pairs === true) {
    const out = bindings.write(plainRefs(family), name, wideType, family.shifts);
    return () => `fn store${family.name}(i: u32, y: ${wideType}) { ${out("i")} = y; }`;
  }
  const [target, ...others] = port.refs;
  const out = bindings.write(refsAt(family, 0), name, elementTypes[target.type.dtype], family.shifts);
  const reads = others.map((_, input) => bindings.read(refsAt(family, input + 1), family.shifts));
  return () => {
    const from = port.value === undefined ? target.type.dtype : port.type.dtype;
    if (port.value === undefined) return `fn store${family.name}(i: u32, y: ${elementTypes[from]}) { ${out("i")} = y; }`;
    const names = new Map<string, string>();
    bindElement(names, storedName(), "y", from);
    const lines = others.map((ref, input) => {
      bindElement(names, operandName(input + 1), `v${input + 1}`, ref.type.dtype);
      return `  let v${input + 1} = ${reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, "i")))};`;
    });
    const complex = target.type.dtype === "c32";
    const parts = complex ? [port.value.re, port.value.im] : [port.value.re];
    const { lets, results } = printWgsl(parts, (name) => names.get(name) ?? bug(`store${family.name}: unknown variable ${name}`), "t");
    const value = complex ? `vec2f(${results.join(", ")})` : results[0];
    return [
      `fn store${family.name}(i: u32, y: ${elementTypes[from]}) {`,
      ...lines,
      ...lets.map((line) => `  ${line}`),
      `  ${out("i")} = ${value};`,
      `}`,
    ].join("\n");
  };
}

/** Four elements from one load, where the port is a tensor as it is. */
export function wideLoadFunction(family: Family, bindings: Bindings, narrow: boolean): () => string {
  const read = narrow || family.ports[0].value !== undefined ? undefined : bindings.readWide(plainRefs(family), family.shifts);
  const four = [0, 1, 2, 3].map((step) => `load${family.name}(${step === 0 ? "i" : `i + ${step}u`})`);
  return () =>
    `fn load${family.name}x4(i: u32) -> vec4f { return ${read === undefined ? `vec4f(${four.join(", ")})` : read("(i >> 2u)")}; }`;
}

/** The same for a read that is never asked for single elements. */
export function loadPlain(family: Family, bindings: Bindings): () => string {
  const read = bindings.readPairs(plainRefs(family), family.shifts);
  return () => `fn load${family.name}x4(i: u32) -> vec4f { return ${read("(i >> 2u)")}; }`;
}

/** A wide store where the memory is written one by one. */
export function fourStores(name: string): string {
  return `fn store${name}x4(i: u32, y: vec4f) { ${[..."xyzw"].map((part, step) => `store${name}(i + ${step}u, y.${part});`).join(" ")} }`;
}

/** Four elements to one store. What the value needs besides is loaded once where it is the same along the last axis. */
export function wideStoreFunction(family: Family, bindings: Bindings): () => string {
  const [port] = family.ports;
  const { name: index } = family;
  const others = port.refs.slice(1);
  const out = bindings.write(refsAt(family, 0), `out${index}`, wideType, family.shifts);
  // A wide binding in place of a narrow one, never besides it: the fusions have counted one for each tensor.
  const wide = others.map((ref, input) => {
    const refs = refsAt(family, input + 1);
    return sameShape(ref.type.shape, port.type.shape) && !bindings.has(refs) ? bindings.readWide(refs, family.shifts) : undefined;
  });
  const reads = others.map((_, input) => wide[input] ?? bindings.read(refsAt(family, input + 1), family.shifts));
  return () => {
    if (port.value === undefined) return `fn store${index}x4(i: u32, y: vec4f) { ${out("(i >> 2u)")} = y; }`;
    const names = new Map<string, string>([[storedName(), "y"]]);
    const lines: string[] = [];
    const four = others.map((ref, input): string[] => {
      const name = `v${input + 1}`;
      bindElement(names, operandName(input + 1), name, ref.type.dtype);
      const at = (i: string): string => reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, i)));
      if (wide[input] !== undefined) {
        lines.push(`let ${name} = ${reads[input]("(i >> 2u)")};`);
        return [..."xyzw"].map((part) => `${name}.${part}`);
      }
      if (ref.type.shape.at(-1) === 1) {
        lines.push(`let ${name} = ${at("i")};`);
        return Array<string>(4).fill(name);
      }
      lines.push(...[0, 1, 2, 3].map((step) => `let ${name}s${step} = ${at(`(i + ${step}u)`)};`));
      return [0, 1, 2, 3].map((step) => `${name}s${step}`);
    });
    const { lets, results } = printWgsl([port.value.re], (name) => names.get(name) ?? bug(`store${index}: unknown variable ${name}`), "t");
    const parameters = ["y: f32", ...others.map((ref, input) => `v${input + 1}: ${elementTypes[ref.type.dtype]}`)];
    const parts = [..."xyzw"].map((part, step) => `value${index}(${[`y.${part}`, ...four.map((names) => names[step])].join(", ")})`);
    return [
      `fn value${index}(${parameters.join(", ")}) -> f32 {`,
      ...lets.map((line) => `  ${line}`),
      `  return ${results[0]};`,
      `}`,
      `fn store${index}x4(i: u32, y: vec4f) {`,
      ...lines.map((line) => `  ${line}`),
      `  ${out("(i >> 2u)")} = vec4f(${parts.join(", ")});`,
      `}`,
    ].join("\n");
  };
}

/** WGSL for each variable of the element that expressions call `element` and the text calls `value`. */
function bindElement(names: Map<string, string>, element: string, value: string, dtype: Dtype): void {
  const complex = dtype === "c32";
  elementNames(element, complex).forEach((name, part) => names.set(name, complex ? `${value}.${"xy"[part]}` : value));
}

function partsOf(port: Port): [NonNullable<Port["value"]>["re"], ...NonNullable<Port["value"]>["re"][]] {
  const value = port.value ?? bug("a port without an expression");
  return port.type.dtype === "c32" ? [value.re, value.im] : [value.re];
}

function parenthesise(index: string): string {
  return index.includes(" ") ? `(${index})` : index;
}
