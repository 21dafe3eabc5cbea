/** @file The experiments of docs/paper as data: a program, and how large it is run here and in full. */

/** `small` and `full` are arguments of `specc trials`; `after` is what else belongs to it. */
export const experiments = {
  networks: {
    about: "the paper's four networks: tables I to III, figures 2 to 6",
    file: "examples/wood2021-paper.spec",
    small: ["--input", "64x64x3", "--limit", "4000", "--set", "train.split=80%", "--trials", "5"],
    full: ["--set", "train.split=80%", "--trials", "20"],
    after: "filters",
  },
  choices: {
    about: "channels, coordinates, and ReLU in the image or in the spectrum",
    file: "examples/paper-choices.spec",
    small: ["--input", "48x48x3", "--limit", "3000", "--epochs", "8", "--trials", "3"],
    full: ["--trials", "20"],
  },
  families: {
    about: "other functions of frequency, on CIFAR-10",
    file: "examples/paper-families.spec",
    small: ["--nets", "gaussian,gabor,mixture,dog,bandpass,spline,neural,spatial", "--limit", "3000", "--epochs", "6", "--trials", "3"],
    full: ["--epochs", "40", "--trials", "20"],
  },
  "size-free": {
    about: "one set of weights at many sizes, and what sizes cost",
    file: "examples/paper-size-free.spec",
    small: ["--input", "64x64x3", "--limit", "2500", "--trials", "1"],
    full: ["--input", "150x150x3", "--trials", "5"],
    after: "sizes",
  },
  small: {
    about: "the best network of 10,000 parameters, beside PyTorch's",
    file: "examples/paper-small.spec",
    small: ["--limit", "2500", "--trials", "2"],
    full: ["--epochs", "40", "--trials", "5"],
    after: "PyTorch",
  },
};
