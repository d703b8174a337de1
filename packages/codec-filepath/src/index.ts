export { ObjectRef } from "@mortise/object-ref";
export { type FilepathCodec, type FilepathInput, type FilepathMetadata, filepathCodec } from "./codec.ts";
