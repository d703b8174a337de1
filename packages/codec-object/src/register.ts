import { registerPlugin } from "@mortise/core";
import type { ObjectRef } from "@mortise/object-ref";
import { objectCodec } from "./codec.ts";
import type { ObjectInput } from "./input.ts";

declare module "@mortise/core" {
  interface CodecTypes {
    object: { in: ObjectInput; out: ObjectRef };
  }
}

registerPlugin(objectCodec);
