/** @file Programs in which every pass finds something to do. */

const training = "train { loss: mse { targets: -1..1 }, batch: 3 }";

export function program(body: string, before = "", after: string = training): string {
  return `spec 1\n${before}\n${body}\n${after}\n`;
}

export const programs: Readonly<Record<string, string>> = {
  "shared filters": program("input 6x7x2 -> conv spectral gaussian 3 -> relu -> conv spectral linear 2 -> dense tanh 2"),
  "weighted filters": program("input 6x7x2 -> conv spectral gaussian 3 { channels: weighted, bias: on } -> tanh -> dense 2"),
  "full filters": program(
    "input 5x6x2 -> conv spectral free 2 { channels: full } -> relu -> conv spectral linear 2 { channels: full } -> dense tanh 2",
  ),
  "depthwise filters": program(
    "input 6x7x2 -> conv spectral gaussian 4 { channels: depthwise } -> relu -> conv spectral free 4 { channels: depthwise } -> gap " +
      "-> dense 2",
  ),
  "zero boundary": program("input 5x6x2 -> conv spectral linear 2 { boundary: zero, bias: on } -> relu -> dense tanh 2"),
  "spatial filters": program("input 6x7x2 -> conv spatial 3x3 3 -> relu -> pool max 2 -> conv spatial 3x3 2 { stride: 2 } -> dense tanh 2"),
  "spatial filters in rows of four": program(
    "input 6x8x2 -> conv spatial 3x3 4 -> tanh -> residual[conv spatial 3x3 4 -> tanh] -> dense tanh 2",
  ),
  "residual and concat": program(
    "input 6x7x2 -> concat[conv spectral gaussian 2 | conv spatial 3x3 2] " +
      "-> residual[conv spectral gaussian 4 { channels: weighted } -> relu] -> dense tanh 2",
  ),
  "one input, two uses of its spectrum": program(
    "input 6x7x2 -> concat[conv spectral gaussian 2 | conv spectral linear 2 { channels: weighted }] -> tanh -> dense tanh 2",
  ),
  "spectral activations": program(
    "input 6x7x2 -> conv spectral gaussian 2 { channels: weighted } -> tanh spectral -> conv spectral linear 2 -> relu modulus " +
      "-> dense tanh 2",
  ),
  "linear chain in the spectrum": program(
    "input 6x7x2 -> conv spectral gaussian 2 -> conv spectral linear 3 -> conv spectral gaussian 2 { channels: weighted } -> dense tanh 2",
  ),
  "an image between two spectra": program(
    "input 6x8x2 -> conv spectral gaussian 2 -> id -> conv spatial 1x1 2 -> conv spectral linear 2 -> dense tanh 2",
  ),
  "a shared object": program(
    "input 6x7x2 -> conv spatial 1x1 3 -> 3 * core -> dense tanh 2",
    "shared core = conv spectral gaussian 3 { channels: weighted } -> tanh",
  ),
  "calibrated layers": program("input 6x7x2 -> conv spectral gaussian 2 { init: calibrated } -> relu -> dense tanh 2 { init: calibrated }"),
  "branches that meet": program(
    "input 6x7x2 -> conv spectral gaussian 2 { channels: weighted } as first -> add[id | relu | first] -> mul[id | tanh] " +
      "-> dense sigmoid 1",
    "",
    "train { loss: bce, batch: 3 }",
  ),
  softmax: program(
    "input 6x7x1 -> conv spectral gaussian 2 -> relu -> dropout 30% -> dense softmax 3",
    "",
    "train { loss: cross_entropy, batch: 3 }",
  ),
  "a signal": program("input 9x2 -> conv spectral free 2 -> relu -> dense tanh 2"),
};
