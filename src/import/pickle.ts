/**
 * @file Reads the part of Python's pickle format that PyTorch writes for a `state_dict`. A pickle is a program; here nothing of it
 * is ever run: the few names that stand for tensors are known, every other name is refused.
 */

import { WeightsError } from "./weights-error.ts";

/** What a pickle holds. Lists and tuples are arrays. */
export type Pickled =
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Pickled[]
  | Map<Pickled, Pickled>
  | PickledName
  | PickledTensor;

/** `module name`, as in "torch FloatStorage". */
interface PickledName {
  readonly kind: "name";
  readonly text: string;
}

/** A view of a storage; offsets and strides count elements. */
export interface PickledTensor {
  readonly kind: "tensor";
  /** The storage: its type, as in "torch FloatStorage", and its key in the archive. */
  readonly type: string;
  readonly key: string;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

const mark = Symbol("mark");
type Item = Pickled | typeof mark;

/** @throws WeightsError for everything that a `state_dict` does not hold */
export function readPickle(bytes: Uint8Array): Pickled {
  return new Reader(bytes).run();
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #stack: Item[] = [];
  readonly #memo = new Map<number, Pickled>();
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): Pickled {
    for (;;) {
      const code = String.fromCharCode(this.#bytes[this.#skip(1)]);
      if (code === ".") return this.#pop();
      this.#step(code);
    }
  }

  /** The opcodes of Python's pickletools, by their bytes. */
  #step(code: string): void {
    switch (code) {
      case "\x80":
        this.#skip(1);
        return; // PROTO
      case "\x95":
        this.#skip(8);
        return; // FRAME
      case "(":
        this.#stack.push(mark);
        return;
      case "N":
        this.#push(null);
        return;
      case "\x88":
        this.#push(true);
        return;
      case "\x89":
        this.#push(false);
        return;
      case "K":
        this.#push(this.#view.getUint8(this.#skip(1)));
        return;
      case "M":
        this.#push(this.#view.getUint16(this.#skip(2), true));
        return;
      case "J":
        this.#push(this.#view.getInt32(this.#skip(4), true));
        return;
      case "G":
        this.#push(this.#view.getFloat64(this.#skip(8), false));
        return;
      case "\x8a":
        this.#push(this.#longInteger(this.#view.getUint8(this.#skip(1))));
        return;
      case "X":
        this.#push(this.#text(this.#view.getUint32(this.#skip(4), true)));
        return;
      case "\x8c":
        this.#push(this.#text(this.#view.getUint8(this.#skip(1))));
        return;
      case "c":
        this.#push({ kind: "name", text: `${this.#line()} ${this.#line()}` });
        return;
      case "\x93":
        this.#nameFromStack();
        return;
      case ")":
      case "]":
        this.#push([]);
        return;
      case "}":
        this.#push(new Map());
        return;
      case "\x85":
        this.#push(this.#take(1));
        return;
      case "\x86":
        this.#push(this.#take(2));
        return;
      case "\x87":
        this.#push(this.#take(3));
        return;
      case "t":
        this.#push(this.#sinceMark());
        return;
      case "a":
        this.#append(this.#take(1));
        return;
      case "e":
        this.#append(this.#sinceMark());
        return;
      case "s":
        this.#set(this.#take(2));
        return;
      case "u":
        this.#set(this.#sinceMark());
        return;
      case "q":
        this.#memo.set(this.#view.getUint8(this.#skip(1)), this.#top());
        return;
      case "r":
        this.#memo.set(this.#view.getUint32(this.#skip(4), true), this.#top());
        return;
      case "\x94":
        this.#memo.set(this.#memo.size, this.#top());
        return;
      case "h":
        this.#push(this.#recall(this.#view.getUint8(this.#skip(1))));
        return;
      case "j":
        this.#push(this.#recall(this.#view.getUint32(this.#skip(4), true)));
        return;
      case "Q":
        return; // BINPERSID: the tuple of a storage stands for itself
      case "R":
        this.#call();
        return;
      case "b":
        this.#attributes();
        return;
      case "\x81":
      case "\x92":
        throw refused("an object of a class"); // NEWOBJ
      default:
        throw refused(`an instruction (${code.charCodeAt(0)})`);
    }
  }

  /** REDUCE: a call of a known name. */
  #call(): void {
    const [name, args] = this.#take(2);
    const called = isName(name) && isList(args) ? name.text : "an object";
    if (!isList(args)) throw refused(called);
    switch (called) {
      case "collections OrderedDict": {
        if (args.length > 0) throw refused("a filled OrderedDict");
        this.#push(new Map());
        return;
      }
      case "torch._utils _rebuild_tensor_v2":
        this.#push(tensorOf(args));
        return;
      case "torch._utils _rebuild_parameter":
        this.#push(args[0]);
        return;
      default:
        throw refused(`\`${called.replace(" ", ".")}\``);
    }
  }

  /** BUILD: attributes of the object below; those of a dictionary (`_metadata`) do not matter. */
  #attributes(): void {
    this.#pop();
    if (!(this.#top() instanceof Map)) throw refused("an object of a class");
  }

  #nameFromStack(): void {
    const [module, name] = this.#take(2);
    if (typeof module !== "string" || typeof name !== "string") throw refused("a computed name");
    this.#push({ kind: "name", text: `${module} ${name}` });
  }

  #append(items: readonly Pickled[]): void {
    const list = this.#pop();
    if (!isList(list)) throw refused("items without a list");
    this.#push([...list, ...items]);
  }

  #set(items: readonly Pickled[]): void {
    const map = this.#top();
    if (!(map instanceof Map)) throw refused("entries without a dictionary");
    for (let index = 0; index + 1 < items.length; index += 2) map.set(items[index], items[index + 1]);
  }

  #push(item: Pickled): void {
    this.#stack.push(item);
  }

  #pop(): Pickled {
    const item = this.#stack.pop();
    if (item === undefined || item === mark) throw refused("a broken order");
    return item;
  }

  #top(): Pickled {
    const item = this.#pop();
    this.#push(item);
    return item;
  }

  #take(count: number): readonly Pickled[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #sinceMark(): readonly Pickled[] {
    const start = this.#stack.lastIndexOf(mark);
    if (start < 0) throw refused("a broken order");
    const items = this.#stack.splice(start).slice(1);
    return items as readonly Pickled[];
  }

  #recall(index: number): Pickled {
    if (!this.#memo.has(index)) throw refused("a broken reference");
    return this.#memo.get(index);
  }

  #longInteger(count: number): number {
    const start = this.#skip(count);
    let value = 0n;
    for (let index = count - 1; index >= 0; index--) value = value * 256n + BigInt(this.#bytes[start + index]);
    return Number(BigInt.asIntN(8 * count, value));
  }

  #text(count: number): string {
    const start = this.#skip(count);
    return new TextDecoder().decode(this.#bytes.subarray(start, start + count));
  }

  #line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end < 0) throw refused("a cut off name");
    const text = new TextDecoder().decode(this.#bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  /** Where the next `count` bytes start, which are then passed. */
  #skip(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.byteLength) throw refused("an early end");
    this.#at += count;
    return start;
  }
}

/** (('storage', type, key, device, count), offset, shape, strides, ...). */
function tensorOf([storage, offset, shape, strides]: readonly Pickled[]): PickledTensor {
  const [word, type, key] = isList(storage) ? storage : [];
  if (
    word !== "storage" ||
    !isName(type) ||
    typeof key !== "string" ||
    typeof offset !== "number" ||
    !isSizes(shape) ||
    !isSizes(strides) ||
    shape.length !== strides.length
  ) {
    throw refused("a tensor of an unknown form");
  }
  return { kind: "tensor", type: type.text, key, offset, shape, strides };
}

function isList(value: Pickled): value is readonly Pickled[] {
  return Array.isArray(value);
}

function isSizes(value: Pickled): value is readonly number[] {
  return isList(value) && value.every((size) => typeof size === "number" && Number.isSafeInteger(size) && size >= 0);
}

function isName(value: Pickled): value is PickledName {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "name";
}

export function isTensor(value: Pickled): value is PickledTensor {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "tensor";
}

function refused(what: string): WeightsError {
  return new WeightsError(`its pickle holds more than the tensors of a \`state_dict\`: ${what}`);
}
