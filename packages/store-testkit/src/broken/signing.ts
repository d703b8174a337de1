import { createMemoryContent } from "../memory/content.ts";
import type { BrokenStore } from "./break.ts";
import type { SigningFlaw } from "./signed-store.ts";
import { createSignedStore } from "./signed-store.ts";

const flaws: Readonly<Record<SigningFlaw, string>> = {
  "any-method": "takes a signature for any method",
  "any-key": "takes a signature for any key",
  "any-time": "takes a signature for ever",
  "any-type": "takes a signature for any type",
  "forgets-type": "forgets the type of a signed PUT",
  "decodes-twice": "decodes signed URLs twice",
  "answers-nothing": "carries out no signed request",
  "does-nothing": "says it has carried out every signed request",
  "tells-wrong-time": "tells seconds for milliseconds in signed requests",
  "signs-anything": "signs anything",
};

/** Stores whose signed requests are not what they say. */
export const brokenSigners: readonly BrokenStore[] = (Object.keys(flaws) as SigningFlaw[]).map((flaw) => ({
  breaks: flaws[flaw],
  open() {
    const content = createMemoryContent();
    return () => createSignedStore(content, flaw);
  },
}));
