import { registerPlugin } from "@mortise/core";
import type { ObjectRef } from "@mortise/object-ref";
import { type FilepathInput, filepathCodec } from "./codec.ts";

declare module "@mortise/core" {
  interface CodecTypes {
    filepath: { in: FilepathInput; out: ObjectRef };
  }
}

registerPlugin(filepathCodec);
