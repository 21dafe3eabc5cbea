/** @file `specc show --augment`: a contact sheet of augmented images. */

import { Limitation } from "../compiler/diagnostic.ts";
import type { Subject } from "./show-subject.ts";

export const augmentSubject: Subject = {
  name: "augment",
  about: "a contact sheet: images of a folder, and what `augment` makes of them",
  usage: "RUN|FILE --augment [--data DIR] [--out FILE.png]",
  flags: {
    data: { value: "DIR", about: "the images", fallback: "those of the run" },
    out: { value: "FILE.png", about: "where to write" },
  },
  examples: [{ command: "specc show net.spec --augment --data pets", about: "what training sees of the photographs in pets" }],
  notes: "--augment draws a row for each image: the image as it is, then one draw after the other.",
  show: async () => {
    throw new Limitation("`--augment` is not built yet", {});
  },
};
