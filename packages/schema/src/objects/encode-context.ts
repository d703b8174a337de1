import {
  type ByteSource,
  CodecError,
  type CodecSite,
  contentHashOfMd5,
  createFileSection,
  createToken,
  type EncodeContext,
  type FileSection,
  type HashMetadata,
  hashPath,
  isStoreError,
  type KeyAttribute,
  type ObjectKey,
  type ObjectPlan,
  objectPath,
  type Planned,
  parsePartition,
  parseSubfolding,
} from "@mortise/core";
import { hashKey, type Intent, pathHash } from "@mortise/sql";
import type { Heading } from "../heading/heading.ts";
import { fileBase } from "./file-section.ts";
import { type HashedSource, hashSource } from "./hashed-source.ts";
import { putHashed } from "./put-hashed.ts";
import { createTrackedTarget } from "./section-target.ts";
import type { StoreLayout } from "./store-access.ts";
import { type ObjectWork, referenceKey } from "./work.ts";

/** How often a token is drawn for a value whose path turns out to be taken: with four letters they do meet. */
const maxTokens = 3;

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
      const files = work.stores.layout(name);
      return createFileSection(store, files.sections, fileBase(files, store));
    },
  };
}

/** A path that one value may write to. */
interface Place {
  readonly id: string;
  readonly path: ObjectKey;
  readonly intent: Intent;
}

function placeAt(store: string, path: ObjectKey): Place {
  const hash = pathHash(store, path);
  return { id: hashKey(hash), path, intent: { pathHash: hash, store, path } };
}

/** Hands the path to the batch, so that W1 protects it before anything relies on it. */
function issue(work: ObjectWork, place: Place): Place {
  work.issued.set(referenceKey(place.intent), place.intent);
  return place;
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
  const { id } = issue(work, placeAt(layout.name, path));
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
    const { signal, logger, rehashBytes } = work;
    const certain = unit.certain.has(id);
    const outcome = await putHashed({ store, key, source, certain, rehashBytes, signal, logger });
    if (certain) unit.healed.add(id);
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
  const { unit } = work;
  const length = layout.settings["token_length"];
  const draw = (): Place => {
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
    const place = placeAt(layout.name, path);
    // Drawn for an earlier value of this transaction, whose object it would overwrite.
    return unit.own.has(place.id) || work.issued.has(referenceKey(place.intent)) ? draw() : issue(work, place);
  };
  let place = draw();
  return {
    planned: true,
    // Where the object will be: another place once another token was drawn.
    get reference() {
      return { store: layout.name, section: "schema", path: place.path, shape: plan.shape } as const;
    },
    bytes: plan.bytes,
    async write() {
      const { store } = await work.stores.open(layout.name);
      const { shape } = plan;
      for (let tokens = 1; ; tokens += 1) {
        // Not yet where another token was drawn, be it in an earlier attempt of the batch.
        if (!unit.intents.has(place.id)) await work.protect(place.intent);
        const target = createTrackedTarget(work, { ...place, shape, store, sections: layout.sections });
        try {
          const stored = await plan.write(target);
          if (unit.certain.has(place.id)) unit.healed.add(place.id);
          unit.totals.uploaded += 1;
          return stored;
        } catch (error) {
          const untouched = unit.own.get(place.id)?.keys.size === 0;
          if (tokens === maxTokens || !untouched || !isStoreError(error, "already-exists")) throw error;
          for (const known of [unit.own, unit.begun, work.ownIds]) known.delete(place.id);
          place = draw();
        }
      }
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
