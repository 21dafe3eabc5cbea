/** @file The head of a network: what each loss and each last activation mean for the loss, the predicted class and the scores. */

import { describe, expect, test } from "vitest";
import type { Head } from "../../../src/compiler/network/head.ts";
import { hasLoss, headOf, scoreNote } from "../../../src/compiler/network/head.ts";
import type { Network } from "../../../src/compiler/network/network.ts";
import { losses } from "../../../src/compiler/words/losses.ts";
import { classesByScore, predictedClass, scoresOf } from "../../../src/plan/outputs.ts";
import { networkOf } from "../../support/gradient.ts";

const activations = ["none", "relu", "leaky", "tanh", "sigmoid", "softmax"] as const;

function ending(activation: (typeof activations)[number], loss?: string, outputs = 2): Network {
  const train = loss === undefined ? "" : `\n\ntrain { loss: ${loss} }`;
  return networkOf("head", `spec 1\n\ninput 2x2x1 -> dense ${activation === "none" ? "" : `${activation} `}${outputs}${train}\n`);
}

/** Without what is the same for all: `fused`, or what saturates; the threshold; the scores. */
function summary({ logits, saturating, threshold, scores }: Head): string {
  const taken = logits === undefined ? (saturating ?? "-") : "fused";
  const { kind, low, high, probabilities } = scores;
  return [taken, threshold, kind === "scale" ? `scale ${low}..${high}` : kind, ...(probabilities ? ["probabilities"] : [])].join(", ");
}

/** For each loss what follows from the last activation, in the order of `activations`. */
const meanings: Readonly<Record<string, readonly string[]>> = {
  mse: [
    "-, 0.5, scale 0..1",
    "-, 0.5, scale 0..1",
    "-, 0.5, scale 0..1",
    "tanh, 0.5, scale 0..1",
    "sigmoid, 0.5, scale 0..1",
    "-, 0.5, none, probabilities",
  ],
  cross_entropy: [
    "-, 0, softmax, probabilities",
    "-, 0, softmax, probabilities",
    "-, 0, softmax, probabilities",
    "-, 0, softmax, probabilities",
    "-, 0.5, softmax, probabilities",
    "fused, 0, none, probabilities",
  ],
  bce: ["-, 0, sigmoid", "-, 0, sigmoid", "-, 0, sigmoid", "-, 0, sigmoid", "fused, 0.5, scale 0..1", "-, 0, none, probabilities"],
  hinge: [
    "-, 0, scale -1..1",
    "-, 0, scale -1..1",
    "-, 0, scale -1..1",
    "tanh, 0, scale -1..1",
    "sigmoid, 0.5, scale -1..1",
    "-, 0, none, probabilities",
  ],
};

describe.each(losses.map(({ name }) => name))("%s", (loss) => {
  test.each(activations.map((activation, index) => [activation, index] as const))("behind %s", (activation, index) => {
    const network = ending(activation, loss);
    const head = headOf(network);
    expect(summary(head)).toBe(meanings[loss][index]);
    expect(head.activation).toBe(activation === "none" ? undefined : activation);
    expect(head.loss.name).toBe(loss);
    expect(head.result).toBe(network.nodes[network.output]);
    expect(head.dense?.title.startsWith("dense ")).toBe(true);
    if (head.logits !== undefined) expect(head.logits).toBe(head.dense);
  });
});

test.each([
  ["none", "mse"],
  ["relu", "mse"],
  ["leaky", "mse"],
  ["tanh", "mse"],
  ["sigmoid", "bce"],
  ["softmax", "cross_entropy"],
] as const)("without a loss in the file, %s has %s", (activation, loss) => {
  expect(headOf(ending(activation)).loss.name).toBe(loss);
});

test("targets move the threshold and the scale", () => {
  const head = headOf(ending("tanh", "mse { targets: -1..3 }"));
  expect(summary(head)).toBe("tanh, 1, scale -1..3");
});

describe("the last dense layer", () => {
  const denseOf = (text: string): string | undefined => headOf(networkOf("head", `spec 1\n\n${text}\n`)).dense?.title;

  test("is found behind what follows it", () =>
    expect(denseOf("input 2x2x1 -> dense relu 3 -> dense 2 -> tanh -> dropout 10%")).toBe("dense 2"));
  test("is not looked for in branches", () => expect(denseOf("input 2x2x1 -> add[dense 2 | dense 2]")).toBeUndefined());
  test("may be absent", () => expect(denseOf("input 2x2x2 -> gap")).toBeUndefined());
});

test("an image has no loss, whatever activation ends it", () => {
  const network = networkOf("head", "spec 1\n\ninput 4x4x2 -> softmax\n");
  expect(hasLoss(network)).toBe(false);
  expect(headOf(network).logits).toBeUndefined();
  expect(hasLoss(ending("none"))).toBe(true);
});

test.each(losses.map(({ name }) => name))("with %s, one output is on the side of its threshold that its scores say", (loss) => {
  for (const activation of ["none", "tanh", "sigmoid"] as const) {
    // Of one output there is no softmax, and hinge wants both signs.
    if (loss === "cross_entropy" || (loss === "hinge" && activation === "sigmoid")) continue;
    const { threshold, scores } = headOf(ending(activation, loss, 1));
    for (const output of [-0.9, -0.1, 0.2, 0.4, 0.6, 0.9]) {
      const [first, second] = scoresOf(scores, [output]);
      expect(first + second).toBeCloseTo(1, 12);
      expect(predictedClass([output], 0, { outputs: 1, threshold }), `${activation} ${output}`).toBe(second > 0.5 ? 1 : 0);
    }
  }
});

test("scores are between 0 and 1, and the predicted class has the highest, or comes first among equals", () => {
  for (const loss of losses)
    for (const activation of activations) {
      const { scores: rule, threshold } = headOf(ending(activation, loss.name, 3));
      const outputs = rule.kind === "none" ? [0.2, 0.7, 0.1] : [1.5, 4, 3];
      const scores = scoresOf(rule, outputs);
      for (const score of scores) expect(score >= 0 && score <= 1).toBe(true);
      if (rule.probabilities) expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 12);
      const predicted = predictedClass(outputs, 0, { outputs: 3, threshold });
      expect(scores[predicted]).toBe(Math.max(...scores));
      expect(classesByScore(scores, predicted)[0]).toBe(1);
    }
});

test("people are told what scores are that are no probabilities", () => {
  expect(scoreNote(ending("none", "bce"))).toBe("scores are the sigmoids of the outputs, one class at a time");
  expect(scoreNote(ending("tanh", "hinge"))).toBe("scores are outputs, scaled from -1..1 to 0..1: no probabilities");
  expect(scoreNote(ending("tanh", "mse { targets: -0.5..2 }"))).toBe("scores are outputs, scaled from -0.5..2 to 0..1: no probabilities");
});
