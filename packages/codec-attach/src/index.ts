export { type AttachCodec, type AttachInput, attachCodec, attachInMemoryCodec } from "./codec.ts";
export type { Attachment } from "./payload.ts";
