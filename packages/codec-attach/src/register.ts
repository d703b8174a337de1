import { registerPlugin } from "@mortise/core";
import { type AttachInput, attachCodec } from "./codec.ts";

declare module "@mortise/core" {
  interface CodecTypes {
    attach: { in: AttachInput; out: string };
  }
}

registerPlugin(attachCodec);
