/** `import "@mortise/codec-blob/register"`: every project without an explicit list of plugins has `<blob>`. */
import { registerPlugin } from "@mortise/core";
import { blobCodec } from "./codec.ts";

registerPlugin(blobCodec);

declare module "@mortise/core" {
  interface CodecTypes {
    blob: { in: unknown; out: unknown };
  }
}
