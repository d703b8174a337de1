export { IntegrityError, isObjectRef, ObjectRef } from "@mortise/object-ref";
export { type ObjectCodec, objectCodec } from "./codec.ts";
export type { ObjectBytes, ObjectInput } from "./input.ts";
export type { ObjectMetadata } from "./write.ts";
