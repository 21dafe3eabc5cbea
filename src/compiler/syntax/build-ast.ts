/** @file Concrete tree to syntax tree: names, numbers and sizes get their values, operators their order. */

import type { CstNode, IToken } from "chevrotain";
import type { Diagnostic, Source } from "../diagnostics/diagnostic.ts";
import type {
  Amount,
  Args,
  Atom,
  Comment,
  Domain,
  Field,
  File,
  FilterParam,
  Formula,
  FormulaBody,
  Group,
  Item,
  Layer,
  Param,
  Phrase,
  Pipeline,
  Record_,
  Repeat,
  Stage,
  Start,
  Value,
} from "./ast.ts";
import { byOffset, cover, nameOf, names, nodeSpan, nodes, parenthesesOf, tokens } from "./concrete-tree.ts";
import { joinSizes } from "./join-sizes.ts";
import { spanOf } from "./lexer.ts";
import { amountQuantities, quantityOf, signedQuantity, sizeOf, stringOf } from "./literals.ts";

export interface Built {
  readonly file: File;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reports S0106 for `150 x 150 x 3`, see join-sizes.ts. */
export function buildFile(tree: CstNode, comments: readonly Comment[], source: Source): Built {
  const builder = new Builder();
  const items = nodes(tree, "item").map((item) => builder.item(item));
  const version = nodes(tree, "version")[0];
  const number = version === undefined ? undefined : tokens(version, "Number")[0];
  const file: File = {
    kind: "file",
    span: { start: 0, end: source.text.length },
    items,
    comments,
    ...(version === undefined || number === undefined ? {} : { version: { span: nodeSpan(version), value: Number(number.image) } }),
  };
  return { file, diagnostics: builder.diagnostics };
}

class Builder {
  readonly diagnostics: Diagnostic[] = [];
  /** Parameters of the recipe being built: among them `x` may be a name. */
  private parameters: ReadonlySet<string> = new Set();

  item(node: CstNode): Item {
    const [rule] = Object.keys(node.children);
    const child = nodes(node, rule)[0];
    const span = nodeSpan(child);
    switch (rule) {
      case "importDecl": {
        const path = tokens(child, "String")[0];
        return { kind: "import", span, names: names(child), path: stringOf(path) };
      }
      case "letDecl": {
        const params = nodes(child, "params")[0];
        const [name] = names(child);
        if (params === undefined) return { kind: "let", span, name, body: this.body(child) };
        const list = nodes(params, "param").map((param) => this.param(param));
        this.parameters = new Set(list.map((param) => param.name.text));
        const body = this.body(child);
        this.parameters = new Set();
        return { kind: "let", span, name, params: list, paramsSpan: parenthesesOf(params), body };
      }
      case "sharedDecl":
        return { kind: "shared", span, name: names(child)[0], body: this.body(child) };
      case "netDecl":
        return { kind: "net", span, name: names(child)[0], body: this.body(child) };
      case "trainDecl":
        return { kind: "train", span, record: this.record(nodes(child, "record")[0]) };
      case "augmentDecl":
        return { kind: "augment", span, body: this.body(child) };
      case "filterDecl":
        return {
          kind: "filter",
          span,
          name: names(child)[0],
          params: this.filterParams(child),
          paramsSpan: parenthesesOf(child),
          body: this.formulaBody(nodes(child, "formula")[0]),
        };
      case "activationDecl": {
        const [name, input] = names(child);
        return {
          kind: "activation",
          span,
          name,
          input,
          params: this.filterParams(child),
          paramsSpan: parenthesesOf(child),
          body: this.formulaBody(nodes(child, "formula")[0]),
        };
      }
      default:
        return { kind: "bare", span, body: this.pipeline(child) };
    }
  }

  private param(node: CstNode): Param {
    const value = nodes(node, "expr")[0];
    return { span: nodeSpan(node), name: names(node)[0], ...(value === undefined ? {} : { value: this.expr(value) }) };
  }

  private body(declaration: CstNode): Pipeline {
    return this.pipeline(nodes(declaration, "pipeline")[0]);
  }

  private pipeline(node: CstNode): Pipeline {
    return { kind: "pipeline", span: nodeSpan(node), stages: nodes(node, "stage").map((stage) => this.stage(stage)) };
  }

  private stage(node: CstNode): Stage {
    const repeat = nodes(node, "repeat")[0];
    const body = repeat === undefined ? this.groupOrLayer(node) : this.repeat(repeat);
    const [as] = names(node);
    return { kind: "stage", span: nodeSpan(node), body, ...(as === undefined ? {} : { as }) };
  }

  private repeat(node: CstNode): Repeat {
    const number = tokens(node, "Number")[0];
    const count = number === undefined ? names(node)[0] : quantityOf(number);
    return { kind: "repeat", span: nodeSpan(node), count, body: this.groupOrLayer(node) };
  }

  private groupOrLayer(node: CstNode): Group | Layer {
    const group = nodes(node, "group")[0];
    if (group === undefined) return this.layer(nodes(node, "layer")[0]);
    return { kind: "group", span: nodeSpan(group), body: this.body(group) };
  }

  private layer(node: CstNode): Layer {
    const [name] = names(node);
    const branches = nodes(node, "branches")[0];
    const atoms = this.atoms(node);
    const record = nodes(node, "record")[0];
    return {
      kind: "layer",
      span: nodeSpan(node),
      name,
      atoms,
      headSpan: cover(name.span, atoms.at(-1)?.span ?? name.span),
      ...(branches === undefined ? {} : { branches: nodes(branches, "pipeline").map((branch) => this.pipeline(branch)) }),
      ...(record === undefined ? {} : { record: this.record(record) }),
    };
  }

  /** `x` between numbers is a slip, unless it is a parameter here. */
  private atoms(node: CstNode): Atom[] {
    const atoms = nodes(node, "atom").map((atom) => this.atom(atom));
    return this.parameters.has("x") ? atoms : joinSizes(atoms, (diagnostic) => this.diagnostics.push(diagnostic));
  }

  private atom(node: CstNode): Atom {
    const [rule] = Object.keys(node.children);
    switch (rule) {
      case "amount": {
        const amount = nodes(node, "amount")[0];
        const [from, to] = amountQuantities(amount);
        const built: Amount = { kind: "amount", span: nodeSpan(amount), from, ...(to === undefined ? {} : { to }) };
        return built;
      }
      case "Size":
        return sizeOf(tokens(node, "Size")[0]);
      case "args":
        return this.args(nodes(node, "args")[0]);
      default:
        return { kind: "word", ...nameOf(tokens(node, "Name")[0]) };
    }
  }

  private args(node: CstNode): Args {
    return { kind: "args", span: nodeSpan(node), args: nodes(node, "expr").map((expr) => this.expr(expr)) };
  }

  private record(node: CstNode): Record_ {
    return { kind: "record", span: nodeSpan(node), fields: nodes(node, "field").map((field) => this.field(field)) };
  }

  private field(node: CstNode): Field {
    return { span: nodeSpan(node), name: names(node)[0], value: this.value(nodes(node, "value")[0]) };
  }

  private value(node: CstNode): Value {
    const [rule] = Object.keys(node.children);
    const span = nodeSpan(node);
    switch (rule) {
      case "list":
        return { kind: "list", span, items: nodes(nodes(node, "list")[0], "value").map((value) => this.value(value)) };
      case "span": {
        const [from, to] = nodes(nodes(node, "span")[0], "signed").map(signedQuantity);
        return { kind: "range", span, from, ...(to === undefined ? {} : { to }) };
      }
      case "Size":
        return sizeOf(tokens(node, "Size")[0]);
      case "String":
        return { kind: "string", span, text: stringOf(tokens(node, "String")[0]) };
      case "Shared":
        return { kind: "phrase", span, name: nameOf(tokens(node, "Shared")[0]), atoms: [] };
      default:
        return this.phrase(nodes(node, "phrase")[0]);
    }
  }

  private phrase(node: CstNode): Phrase {
    const record = nodes(node, "record")[0];
    return {
      kind: "phrase",
      span: nodeSpan(node),
      name: names(node)[0],
      atoms: this.atoms(node),
      ...(record === undefined ? {} : { record: this.record(record) }),
    };
  }

  private filterParams(declaration: CstNode): FilterParam[] {
    return nodes(declaration, "filterParam").map((node) => {
      const domain = nodes(node, "domain")[0];
      const start = nodes(node, "start")[0];
      return {
        span: nodeSpan(node),
        name: names(node)[0],
        ...(domain === undefined ? {} : { domain: this.domain(domain) }),
        ...(start === undefined ? {} : { start: this.start(start) }),
      };
    });
  }

  private domain(node: CstNode): Domain {
    const span = nodeSpan(node);
    const [name] = names(node);
    if (name !== undefined) return { kind: "named", span, name };
    const [from, to] = nodes(node, "signed").map(signedQuantity);
    return { kind: "range", span, from, to };
  }

  private start(node: CstNode): Start {
    const span = nodeSpan(node);
    const [distribution] = names(node);
    if (distribution === undefined) return { kind: "constant", span, value: this.expr(nodes(node, "expr")[0]) };
    return { kind: "draw", span, distribution, args: this.args(nodes(node, "args")[0]).args };
  }

  private formulaBody(node: CstNode): FormulaBody {
    const where = nodes(node, "bind").map((bind) => ({
      span: nodeSpan(bind),
      name: names(bind)[0],
      value: this.expr(nodes(bind, "expr")[0]),
    }));
    return { span: nodeSpan(node), value: this.expr(nodes(node, "expr")[0]), where };
  }

  private expr(node: CstNode): Formula {
    return leftToRight(
      nodes(node, "term").map((term) => this.term(term)),
      [...tokens(node, "Plus"), ...tokens(node, "Minus")],
    );
  }

  private term(node: CstNode): Formula {
    return leftToRight(
      nodes(node, "unary").map((unary) => this.unary(unary)),
      [...tokens(node, "Times"), ...tokens(node, "Slash")],
    );
  }

  private unary(node: CstNode): Formula {
    const power = nodes(node, "power")[0];
    if (power === undefined) return { kind: "negate", span: nodeSpan(node), operand: this.unary(nodes(node, "unary")[0]) };
    const base = this.primary(nodes(power, "primary")[0]);
    const exponent = nodes(power, "unary")[0];
    return exponent === undefined
      ? base
      : {
          kind: "binary",
          operator: "^",
          operatorSpan: spanOf(tokens(power, "Caret")[0]),
          span: nodeSpan(power),
          left: base,
          right: this.unary(exponent),
        };
  }

  private primary(node: CstNode): Formula {
    const span = nodeSpan(node);
    const number = tokens(node, "Number")[0];
    if (number !== undefined) return { kind: "number", span, value: quantityOf(number).value, text: number.image };
    const [name] = names(node);
    // The span keeps the parentheses, so that a mark below the expression covers them.
    if (name === undefined) return { ...this.expr(nodes(node, "expr")[0]), span };
    const args = nodes(node, "args")[0];
    return args === undefined ? { kind: "name", ...name } : { kind: "call", span, name, args: this.args(args).args };
  }
}

type Operator = "+" | "-" | "*" | "/";

const operatorOf: Readonly<Record<string, Operator>> = { Plus: "+", Minus: "-", BadMinus: "-", Times: "*", BadTimes: "*", Slash: "/" };

/** The tree groups operators by kind, so they are put into text order first. */
function leftToRight(operands: readonly Formula[], operators: readonly IToken[]): Formula {
  const sorted = [...operators].sort(byOffset);
  return operands.reduce((left, right, index) => {
    const token = sorted[index - 1];
    return {
      kind: "binary",
      operator: operatorOf[token.tokenType.name],
      operatorSpan: spanOf(token),
      span: cover(left.span, right.span),
      left,
      right,
    };
  });
}
