/** @file What is wrong with a token that is almost a number, a size, a quantity, a name or a symbol. */

import type { TokenType } from "chevrotain";
import type { Diagnostic, Edit, Help, Span } from "../diagnostics/diagnostic.ts";
import {
  BadArrow,
  BadMinus,
  BadName,
  BadNumber,
  BadPower,
  BadQuantity,
  BadSize,
  BadString,
  BadTimes,
  NumberLiteral,
  Quantity,
  Size,
  SlashComment,
  Unknown,
} from "./tokens.ts";

/** Undefined for a token that is well formed. `text` is the whole source. */
export function describeMalformed(type: TokenType, image: string, span: Span, text: string): Diagnostic | undefined {
  const error = (code: string, title: string, label: string, help?: Help): Diagnostic => ({
    severity: "error",
    code,
    title,
    span,
    label,
    ...(help === undefined ? {} : { helps: [help] }),
  });
  const replace = (words: string, replacement: string): Help => ({ text: words, edits: [{ span, text: replacement }] });
  switch (type) {
    case BadNumber: {
      const { label, help } = numberMistake(image, span);
      return error("S0104", `\`${image}\` is not a number`, label, help);
    }
    case BadQuantity:
      return quantityMistake(image, span);
    case BadSize: {
      const right = readSize(image);
      return right === undefined
        ? error("S0106", `\`${image}\` is not a size`, "a size is two or more of digits or `?`, joined by `x`")
        : error("S0106", `\`${image}\` is not a size`, sizeMistake(image), replace("write it as one word", right));
    }
    case BadString:
      if (image[0] !== '"') {
        const inner = image.slice(1).replace(/['“”]$/, "");
        return error(
          "S0108",
          `\`${image[0]}\` does not start a text`,
          "texts stand in straight double quotes",
          replace('use `"`', `"${inner}"`),
        );
      }
      return error("S0102", "this text is never closed", 'its `"` has no partner on the line', {
        text: "close it",
        edits: [{ span: { start: span.end, end: span.end }, text: '"' }],
      });
    case BadArrow:
      return error("S0108", `\`${image}\` is not an arrow of this language`, "stands where `->` belongs", replace("write `->`", "->"));
    case BadPower:
      return error("S0108", "`**` is not an operator", "a power is written with `^`", replace("write `^`", "^"));
    case BadTimes:
      return error("S0108", `\`${image}\` is not an operator`, "multiplication is written with `*`", replace("write `*`", "*"));
    case BadMinus:
      return error("S0108", `\`${image}\` is not a minus sign`, "looks like `-` and is another character", replace("write `-`", "-"));
    case BadName: {
      const plain = spellOut(image);
      return error(
        "S0108",
        `\`${image}\` is not a name`,
        "names are made of the letters a to z and A to Z, digits and `_`",
        plain === undefined ? undefined : replace(`did you mean \`${plain}\`?`, plain),
      );
    }
    case SlashComment: {
      const slashes: Edit = { span: { start: span.start, end: span.start + 2 }, text: "#" };
      return {
        ...error("S0108", "`//` does not start a comment", "a comment starts with `#`", { text: "use `#`", edits: [slashes] }),
        span: slashes.span,
      };
    }
    case Unknown:
      return unknownCharacter(image, span, text);
    case NumberLiteral:
    case Quantity:
      return isExact(image) ? undefined : error("S0104", `\`${shortened(image)}\` is too large a number`, tooLarge);
    case Size:
      return image.split("x").every(isExact) ? undefined : error("S0106", `\`${shortened(image)}\` is too large a size`, tooLarge);
    default:
      return undefined;
  }
}

const tooLarge = `whole numbers end at ${Number.MAX_SAFE_INTEGER.toLocaleString("en-US")}`;

/** Whether a well-formed number, with or without unit, is read as what was written: whole numbers digit by digit. */
export function isExact(image: string): boolean {
  const value = Number.parseFloat(image);
  return /^\d+(?![\d.eE])/.test(image) ? Number.isSafeInteger(value) : image === "?" || Number.isFinite(value);
}

function shortened(image: string): string {
  return image.length <= 40 ? image : `${image.slice(0, 30)}...${image.slice(-7)}`;
}

function numberMistake(image: string, span: Span): { label: string; help: Help } {
  const replace = (replacement: string): Help => ({ text: `write \`${replacement}\``, edits: [{ span, text: replacement }] });
  if (image.startsWith(".")) return { label: "no digit before the point", help: replace(`0${image}`) };
  if (image.includes("_")) return { label: "digits are not grouped", help: replace(image.replaceAll("_", "")) };
  if (/[eE][+-]?$/.test(image)) {
    return { label: "no digits in the exponent", help: { text: `did you mean \`${image.replace(/[eE][+-]?$/, "")}\`?` } };
  }
  const parts = image.split(".");
  if (parts.length === 2 && /e/i.test(parts[0])) {
    return { label: "the exponent is not a whole number", help: { text: `did you mean \`${parts[0]}\`?` } };
  }
  if (parts.length === 2) return { label: "no digit after the point", help: replace(`${parts[0]}.0${parts[1].replace(/^\d+/, "")}`) };
  const counted = ["two", "three", "four"][parts.length - 3] ?? "too many";
  const percent = image.endsWith("%") ? "%" : "";
  const joined = `${parts[0]}.${parts.slice(1).join("")}`;
  return { label: `${counted} decimal points`, help: { text: `did you mean \`${joined}\` or \`${parts[0]}.${parts[1]}${percent}\`?` } };
}

/** What people call the units, by the letters that begin the word. */
const unitSpellings: readonly (readonly [RegExp, string])[] = [
  [/^(px|pix)/i, "px"],
  [/^(deg|°)/i, "deg"],
  [/^rad/i, "rad"],
  [/^(cpp$|cyc)/i, "cpp"],
  [/^(%|percent|pct)/i, "%"],
];

function quantityMistake(image: string, span: Span): Diagnostic {
  const amount = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(image)?.[0] ?? image;
  const word = image.slice(amount.length).trimStart();
  const unit = unitSpellings.find(([spelling]) => spelling.test(word))?.[1];
  const base = { severity: "error", code: "S0107", span } as const;
  const note = "units: px, deg, rad, cpp (cycles per pixel), %";
  if (unit === word) {
    return {
      ...base,
      title: `\`${image}\` has a space before its unit`,
      label: "a number and its unit are one word",
      helps: [{ text: "join them", edits: [{ span, text: amount + unit }] }],
    };
  }
  if (unit !== undefined) {
    return {
      ...base,
      title: `no unit named \`${word}\``,
      label: "not a unit of this language",
      notes: [note],
      helps: [{ text: `did you mean \`${amount}${unit}\`?`, edits: [{ span, text: amount + unit }] }],
    };
  }
  return {
    ...base,
    title: `missing \`*\` in \`${image}\``,
    label: `\`${word}\` is not a unit, and a number does not multiply the name behind it`,
    notes: [note],
    helps: [{ text: "to multiply, write `*`", edits: [{ span, text: `${amount} * ${word}` }] }],
  };
}

/** The size that a malformed one was meant to be, if that is plain. */
export function readSize(image: string): string | undefined {
  const right = image.replace(/[ \t]*[xX×][ \t]*/g, "x");
  return /^(\d+|\?)(x(\d+|\?))+$/.test(right) ? right : undefined;
}

function sizeMistake(image: string): string {
  if (/\s/.test(image))
    return image.includes("×") ? "a size has no spaces, and its parts are joined by the letter `x`" : "a size has no spaces";
  return "its parts are joined by the small letter `x`";
}

const spelledOut: ReadonlyMap<string, string> = new Map([
  ["α", "alpha"],
  ["β", "beta"],
  ["γ", "gamma"],
  ["δ", "delta"],
  ["ε", "epsilon"],
  ["ζ", "zeta"],
  ["η", "eta"],
  ["θ", "theta"],
  ["κ", "kappa"],
  ["λ", "lambda"],
  ["μ", "mu"],
  ["µ", "mu"],
  ["ν", "nu"],
  ["ξ", "xi"],
  ["π", "pi"],
  ["ρ", "rho"],
  ["σ", "sigma"],
  ["τ", "tau"],
  ["φ", "phi"],
  ["ϕ", "phi"],
  ["χ", "chi"],
  ["ψ", "psi"],
  ["ω", "omega"],
  ["ß", "ss"],
  ["ø", "o"],
  ["æ", "ae"],
]);

function spellOut(image: string): string | undefined {
  let plain = "";
  // Decomposed, an accented letter is its letter and a mark.
  for (const character of image.normalize("NFD").replace(/[\u0300-\u036f]/g, "")) plain += spelledOut.get(character) ?? character;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(plain) ? plain : undefined;
}

function unknownCharacter(image: string, span: Span, text: string): Diagnostic {
  const base = { severity: "error", code: "S0108", span } as const;
  const shown = /^[\u0000-\u001f\u007f-\u009f\u200b-\u200f]+$/.test(image)
    ? Array.from(image, (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`).join(" ")
    : image;
  const title = `\`${shown}\` means nothing in this language`;
  const remove: Help = { text: "remove it", edits: [{ span, text: "" }] };
  if (image === ";") {
    return { ...base, title, label: "neither lines nor declarations end with a sign", helps: [remove] };
  }
  if (image === "%" && /\d\s*$/.test(text.slice(0, span.start))) {
    return { ...base, title, label: "a percent sign follows its number without a space" };
  }
  return { ...base, title, label: [...image].length === 1 ? "unknown character" : "unknown characters", helps: [remove] };
}
