/** @file Loads and stores: the WGSL functions through which the text of a kernel reaches its ports. */

import { bug } from "../diagnostics/diagnostic.ts";
import { printWgsl } from "../expr/expr.ts";
import { elementNames, operandName, storedName } from "../expr/operands.ts";
import type { Dtype } from "../graph/types.ts";
import { sameShape } from "../graph/types.ts";
import { broadcastIndex } from "../ops/map.ts";
import type { Access, Bindings, Shift } from "./bindings.ts";
import { elementTypes, wideType } from "./bindings.ts";
import type { Port, Ref } from "./context.ts";

/** A port of a text that several pieces share: theirs, in order. */
export interface PortFamily {
  readonly ports: readonly Port[];
  readonly shifts: Shift[];
}

/** The memory behind ports whose elements are as they are. */
function plainRefs({ ports }: PortFamily): readonly Ref[] {
  return ports.map((port) => (port.value === undefined ? port.refs[0] : bug("computed elements where plain ones were asked for")));
}

function refsAt({ ports }: PortFamily, position: number): readonly Ref[] {
  return ports.map((port) => port.refs[position]);
}

export function loadFunction(name: string, family: PortFamily, bindings: Bindings): () => string {
  const [port] = family.ports;
  if (port.pairs === true) {
    const read = bindings.readPairs(plainRefs(family), family.shifts);
    return () => `fn ${name}(i: u32) -> ${wideType} { return ${read("i")}; }`;
  }
  const type = elementTypes[port.type.dtype];
  const reads = port.refs.map((_, position) => bindings.read(refsAt(family, position), family.shifts));
  return () => {
    if (port.value === undefined) return `fn ${name}(i: u32) -> ${type} { return ${reads[0]("i")}; }`;
    const names = new Map<string, string>();
    const lines = port.refs.map((ref, input) => {
      bindElement(names, operandName(input), `v${input}`, ref.type.dtype);
      return `let v${input} = ${reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, "i")))};`;
    });
    const { lets, results } = printWgsl(
      partsOf(port),
      (variable) => names.get(variable) ?? bug(`${name}: unknown variable ${variable}`),
      "t",
    );
    const value = port.type.dtype === "c32" ? `vec2f(${results.join(", ")})` : results[0];
    return [
      `fn ${name}(i: u32) -> ${type} {`,
      ...lines.map((line) => `  ${line}`),
      ...lets.map((line) => `  ${line}`),
      `  return ${value};`,
      `}`,
    ].join("\n");
  };
}

/** Where a write lies; `wanted` is how to call the buffer. */
export function writeAccess(wanted: string, family: PortFamily, wide: boolean, bindings: Bindings): Access {
  const [port] = family.ports;
  const refs = port.pairs === true ? plainRefs(family) : refsAt(family, 0);
  const element = wide || port.pairs === true ? wideType : elementTypes[refs[0].type.dtype];
  return bindings.write(refs, wanted, element, family.shifts);
}

export function storeFunction(name: string, family: PortFamily, out: Access, bindings: Bindings): () => string {
  const [port] = family.ports;
  if (port.pairs === true) return () => `fn ${name}(i: u32, y: ${wideType}) { ${out("i")} = y; }`;
  const [target, ...others] = port.refs;
  const reads = others.map((_, input) => bindings.read(refsAt(family, input + 1), family.shifts));
  return () => {
    const from = port.value === undefined ? target.type.dtype : port.type.dtype;
    if (port.value === undefined) return `fn ${name}(i: u32, y: ${elementTypes[from]}) { ${out("i")} = y; }`;
    const names = new Map<string, string>();
    bindElement(names, storedName(), "y", from);
    const lines = others.map((ref, input) => {
      bindElement(names, operandName(input + 1), `v${input + 1}`, ref.type.dtype);
      return `  let v${input + 1} = ${reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, "i")))};`;
    });
    const complex = target.type.dtype === "c32";
    const parts = complex ? [port.value.re, port.value.im] : [port.value.re];
    const { lets, results } = printWgsl(parts, (variable) => names.get(variable) ?? bug(`${name}: unknown variable ${variable}`), "t");
    const value = complex ? `vec2f(${results.join(", ")})` : results[0];
    return [
      `fn ${name}(i: u32, y: ${elementTypes[from]}) {`,
      ...lines,
      ...lets.map((line) => `  ${line}`),
      `  ${out("i")} = ${value};`,
      `}`,
    ].join("\n");
  };
}

/** Four elements from one load, where the port is a tensor as it is; `single` loads one. */
export function wideLoadFunction(name: string, single: string, family: PortFamily, bindings: Bindings, narrow: boolean): () => string {
  const read = narrow || family.ports[0].value !== undefined ? undefined : bindings.readWide(plainRefs(family), family.shifts);
  const four = [0, 1, 2, 3].map((step) => `${single}(${step === 0 ? "i" : `i + ${step}u`})`);
  return () => `fn ${name}(i: u32) -> vec4f { return ${read === undefined ? `vec4f(${four.join(", ")})` : read("(i >> 2u)")}; }`;
}

/** The same for a read that is never asked for single elements. */
export function loadPlain(name: string, family: PortFamily, bindings: Bindings): () => string {
  const read = bindings.readPairs(plainRefs(family), family.shifts);
  return () => `fn ${name}(i: u32) -> vec4f { return ${read("(i >> 2u)")}; }`;
}

/** A wide store where the memory is written one by one. */
export function fourStores(name: string, single: string): string {
  return `fn ${name}(i: u32, y: vec4f) { ${[..."xyzw"].map((part, step) => `${single}(i + ${step}u, y.${part});`).join(" ")} }`;
}

/** Four elements to one store. What the value needs besides is loaded once where it is the same along the last axis. */
export function wideStoreFunction(name: string, valueName: string, family: PortFamily, out: Access, bindings: Bindings): () => string {
  const [port] = family.ports;
  const others = port.refs.slice(1);
  // A wide binding in place of a narrow one, never besides it: the fusions have counted one for each tensor.
  const wide = others.map((ref, input) => {
    const refs = refsAt(family, input + 1);
    return sameShape(ref.type.shape, port.type.shape) && !bindings.has(refs) ? bindings.readWide(refs, family.shifts) : undefined;
  });
  const reads = others.map((_, input) => wide[input] ?? bindings.read(refsAt(family, input + 1), family.shifts));
  return () => {
    if (port.value === undefined) return `fn ${name}(i: u32, y: vec4f) { ${out("(i >> 2u)")} = y; }`;
    const names = new Map<string, string>([[storedName(), "y"]]);
    const lines: string[] = [];
    const four = others.map((ref, input): string[] => {
      const own = `v${input + 1}`;
      bindElement(names, operandName(input + 1), own, ref.type.dtype);
      const at = (i: string): string => reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, i)));
      if (wide[input] !== undefined) {
        lines.push(`let ${own} = ${reads[input]("(i >> 2u)")};`);
        return [..."xyzw"].map((part) => `${own}.${part}`);
      }
      if (ref.type.shape.at(-1) === 1) {
        lines.push(`let ${own} = ${at("i")};`);
        return Array<string>(4).fill(own);
      }
      lines.push(...[0, 1, 2, 3].map((step) => `let ${own}s${step} = ${at(`(i + ${step}u)`)};`));
      return [0, 1, 2, 3].map((step) => `${own}s${step}`);
    });
    const { lets, results } = printWgsl(
      [port.value.re],
      (variable) => names.get(variable) ?? bug(`${name}: unknown variable ${variable}`),
      "t",
    );
    const parameters = ["y: f32", ...others.map((ref, input) => `v${input + 1}: ${elementTypes[ref.type.dtype]}`)];
    const parts = [..."xyzw"].map((part, step) => `${valueName}(${[`y.${part}`, ...four.map((names) => names[step])].join(", ")})`);
    return [
      `fn ${valueName}(${parameters.join(", ")}) -> f32 {`,
      ...lets.map((line) => `  ${line}`),
      `  return ${results[0]};`,
      `}`,
      `fn ${name}(i: u32, y: vec4f) {`,
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
