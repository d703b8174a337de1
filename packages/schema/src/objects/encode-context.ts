import {
  type ByteSource,
  CodecError,
  type CodecSite,
  contentHashOfMd5,
  createToken,
  type EncodeContext,
  type FileSection,
  type HashMetadata,
  hashPath,
  type KeyAttribute,
  type ObjectKey,
  type ObjectPlan,
  objectPath,
  type Planned,
  parsePartition,
  parseSubfolding,
} from "@mortise/core";
import type { Heading } from "../heading/heading.ts";
import { createFileSection } from "./file-section.ts";
import { type HashedSource, hashSource } from "./hashed-source.ts";
import { hashKey, pathHash } from "./identifiers.ts";
import { putHashed } from "./put-hashed.ts";
import { createTrackedTarget } from "./section-target.ts";
import type { StoreLayout } from "./store-access.ts";
import { type ObjectWork, referenceKey } from "./work.ts";

/**
 * The context of one value's encoder. It reads, hashes and chooses paths; what it returns as planned is uploaded later,
 * when the paths of the whole batch have been registered.
 */
export function createEncodeContext(
  work: ObjectWork,
  site: CodecSite,
  chainStore: string | undefined,
  heading: Heading,
): EncodeContext {
  const storeName = chainStore === undefined ? undefined : work.stores.resolveName(chainStore);
  const layout = (): StoreLayout => {
    if (storeName !== undefined) return work.stores.layout(storeName);
    throw new CodecError("unsupported", `${site.attribute} keeps its values in the table: it has no store`, {
      hint: "a codec that needs a store refuses the form without @ in storageType",
    });
  };
  return {
    site,
    storeName,
    signal: work.signal,
    get settings() {
      return storeName === undefined ? {} : layout().settings;
    },
    hash: (source) => planHashed(work, site, layout(), source),
    object: (plan) => planObject(work, site, layout(), heading, plan),
    async files(): Promise<FileSection> {
      const name = chainStore === "" ? work.stores.filepathDefault() : layout().name;
      const { store } = await work.stores.open(name);
      return createFileSection(work.stores.layout(name), store);
    },
  };
}

/** Registers the path with the batch, so that W1 protects it before anything relies on it. */
function issue(work: ObjectWork, store: string, path: ObjectKey): string {
  const hash = pathHash(store, path);
  work.issued.set(referenceKey({ store, path }), { pathHash: hash, store, path });
  return hashKey(hash);
}

async function planHashed(
  work: ObjectWork,
  site: CodecSite,
  layout: StoreLayout,
  source: ByteSource | (() => ByteSource),
): Promise<Planned<HashMetadata>> {
  const hashed = await hashSource(source, work.spool);
  const hash = contentHashOfMd5(hashed.md5);
  const { schema } = site;
  const path = hashPath(layout.sections, schema, hash, parseSubfolding(layout.settings["subfolding"]));
  const id = issue(work, layout.name, path);
  const metadata: HashMetadata = { hash, path, schema, store: layout.name, size: hashed.size };
  return {
    planned: true,
    reference: { store: layout.name, section: "hash", path, shape: "object" },
    bytes: hashed.size,
    write: () => writeHashed(work, id, path, hashed, metadata),
  };
}

/** One write per path and batch: rows with equal content wait for the first of them. */
function writeHashed(
  work: ObjectWork,
  id: string,
  key: ObjectKey,
  source: HashedSource,
  metadata: HashMetadata,
): Promise<HashMetadata> {
  const { unit } = work;
  const begun = unit.hashWrites.get(id);
  if (begun !== undefined) {
    unit.totals.deduplicated += 1;
    return begun;
  }
  unit.begun.add(id);
  const writing = (async () => {
    const { store } = await work.stores.open(metadata.store);
    const { signal, logger } = work;
    const outcome = await putHashed({ store, key, source, certain: unit.certain.has(id), signal, logger });
    if (outcome === "deduplicated") {
      unit.totals.deduplicated += 1;
    } else {
      unit.totals.uploaded += 1;
      unit.totals.bytes += source.size;
      if (outcome === "repaired") unit.totals.repaired += 1;
      work.sent(source.size);
    }
    return metadata;
  })();
  unit.hashWrites.set(id, writing);
  writing.catch(() => unit.hashWrites.delete(id));
  return writing;
}

function planObject<Stored>(
  work: ObjectWork,
  site: CodecSite,
  layout: StoreLayout,
  heading: Heading,
  plan: ObjectPlan<Stored>,
): Planned<Stored> {
  const length = layout.settings["token_length"];
  const path = objectPath({
    sections: layout.sections,
    partition: parsePartition(layout.settings["partition_pattern"]),
    schema: site.schema,
    table: site.table,
    key: keyAttributes(site, heading),
    field: site.attribute,
    token: createToken(typeof length === "number" ? length : undefined),
    extension: plan.extension,
  });
  const id = issue(work, layout.name, path);
  return {
    planned: true,
    reference: { store: layout.name, section: "schema", path, shape: plan.shape },
    bytes: plan.bytes,
    async write() {
      const { store } = await work.stores.open(layout.name);
      const target = createTrackedTarget(work, { id, path, shape: plan.shape, store, sections: layout.sections });
      const stored = await plan.write(target);
      work.unit.totals.uploaded += 1;
      return stored;
    },
  };
}

/** In key order, by declared type; attributes that the database fills are left out. */
function keyAttributes(site: CodecSite, heading: Heading): readonly KeyAttribute[] {
  return heading.primaryKey.flatMap((name) => {
    const attribute = heading.byName.get(name);
    const value = site.primaryKey[name];
    return attribute === undefined || value === undefined ? [] : [{ name, type: attribute.type, value }];
  });
}
