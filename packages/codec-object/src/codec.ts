import { type Codec, definePlugin, type ObjectReference, requireStore } from "@mortise/core";
import { ObjectRef, parseMetadata } from "@mortise/object-ref";
import { type AcceptedObject, acceptObject, type ObjectInput } from "./input.ts";
import { type ObjectMetadata, writeFileObject, writeFolderObject } from "./write.ts";

/** `accept` turns the input into what was found of it, so that `encode` never looks at the source twice. */
export type ObjectCodec = Codec<"object", ObjectInput, ObjectRef, ObjectMetadata, AcceptedObject>;

function referenceOf(stored: unknown): ObjectReference {
  const { path, store, isDir } = parseMetadata(stored);
  return { store: store ?? "", section: "schema", path, shape: isDir ? "prefix" : "object" };
}

/**
 * `<object@store>`: files and folders, addressed by the row's key. Nothing is buffered whole; what is fetched is an
 * `ObjectRef` that reads when asked.
 */
export const objectCodec: ObjectCodec = definePlugin({
  kind: "codec",
  apiVersion: 1,
  name: "object",
  origin: import.meta.url,

  storageType(mode) {
    requireStore("object", mode);
    return "json";
  },

  accept: acceptObject,

  encode(source, context) {
    const options = { store: context.storeName ?? "", signal: context.signal, onProgress: context.onProgress };
    return context.object<ObjectMetadata>({
      extension: source.extension,
      shape: source.kind === "folder" ? "prefix" : "object",
      bytes: source.size,
      write: (target) =>
        source.kind === "folder"
          ? writeFolderObject(source, target, options)
          : writeFileObject(source, target, options),
    });
  },

  decode(stored, context) {
    const fields = parseMetadata(stored);
    return new ObjectRef({ ...fields, store: context.storeOf(fields.store) }, () =>
      context.open({ ...referenceOf(stored), store: context.storeOf(fields.store) }),
    );
  },

  references: (stored) => [referenceOf(stored)],
});
