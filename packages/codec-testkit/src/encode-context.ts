import {
  type ByteSource,
  type Bytes,
  type CodecSite,
  contentHash,
  createFileSection,
  createSectionTarget,
  createToken,
  type EncodeContext,
  type HashMetadata,
  hashPath,
  isStoreError,
  objectPath,
  type Planned,
} from "@mortise/core";
import type { BenchLayout } from "./layout.ts";

/** Values under test are small: reading them whole keeps the context short. */
async function collect(source: ByteSource): Promise<Bytes> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  const chunks: Bytes[] = [];
  for await (const chunk of source as AsyncIterable<Bytes>) chunks.push(chunk);
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

/** Uploads content once, as a table does: what is there already is kept. */
async function writeHashed(layout: BenchLayout, metadata: HashMetadata, bytes: Bytes): Promise<HashMetadata> {
  const key = hashPath(layout.sections, metadata.schema, metadata.hash, layout.subfolding);
  try {
    await layout.store.put(key, bytes, { mode: "create" });
  } catch (error) {
    if (!isStoreError(error, "already-exists")) throw error;
  }
  return metadata;
}

/** Plans as a table does; nothing is written before `write` of what it returns. */
export function createEncodeContext(
  layout: BenchLayout,
  site: CodecSite,
  storeName: string | undefined,
): EncodeContext {
  const { sections, name, store } = layout;
  return {
    site,
    storeName,
    signal: new AbortController().signal,
    settings: layout.settings,

    async hash(source): Promise<Planned<HashMetadata>> {
      const bytes = await collect(typeof source === "function" ? source() : source);
      const hash = contentHash(bytes);
      const path = hashPath(sections, site.schema, hash, layout.subfolding);
      const metadata = { hash, path, schema: site.schema, store: name, size: bytes.byteLength };
      return {
        planned: true,
        reference: { store: name, section: "hash", path, shape: "object" },
        bytes: bytes.byteLength,
        write: () => writeHashed(layout, metadata, bytes),
      };
    },

    object(plan) {
      const path = objectPath({
        sections,
        partition: layout.partition,
        schema: site.schema,
        table: site.table,
        key: Object.entries(site.primaryKey).map(([attribute, value]) => ({
          name: attribute,
          value,
          type: { name: typeof value === "string" ? "varchar" : "int64" },
        })),
        field: site.attribute,
        token: createToken(),
        extension: plan.extension,
      });
      return {
        planned: true,
        reference: { store: name, section: "schema", path, shape: plan.shape },
        bytes: plan.bytes,
        write: () => plan.write(createSectionTarget(store, sections, path, plan.shape)),
      };
    },

    async files() {
      return createFileSection(store, sections, { store: name, baseUrl: layout.baseUrl });
    },
  };
}
