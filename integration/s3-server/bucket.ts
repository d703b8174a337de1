// What the server has, as it truly is: tests look here, past every lie of the answers.
import { createHash, randomUUID } from "node:crypto";

export interface StoredObject {
  readonly body: Buffer;
  /** With its quotes. */
  readonly etag: string;
  readonly modified: Date;
  /** Content type, user metadata and checksums, as they are answered. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface StoredPart {
  readonly body: Buffer;
  readonly etag: string;
  readonly modified: Date;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly started: Date;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, StoredPart>;
}

export const md5 = (bytes: Uint8Array): Buffer => createHash("md5").update(bytes).digest();

export const etagOf = (bytes: Uint8Array): string => `"${md5(bytes).toString("hex")}"`;

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

export class Bucket {
  readonly name: string;
  /** Bytes of every part of an upload but the last. */
  readonly minPart: number;
  readonly uploads: Map<string, Upload> = new Map();
  readonly #objects = new Map<string, StoredObject>();
  #sorted: readonly string[] | undefined;

  constructor(name: string, minPart: number = 5 * 1024 ** 2) {
    this.name = name;
    this.minPart = minPart;
  }

  get objects(): ReadonlyMap<string, StoredObject> {
    return this.#objects;
  }

  /** In UTF-8 byte order. */
  get sortedKeys(): readonly string[] {
    this.#sorted ??= [...this.#objects.keys()].sort(byBytes);
    return this.#sorted;
  }

  set(key: string, object: StoredObject): void {
    if (!this.#objects.has(key)) this.#sorted = undefined;
    this.#objects.set(key, object);
  }

  delete(key: string): boolean {
    this.#sorted = undefined;
    return this.#objects.delete(key);
  }

  startUpload(key: string, headers: Readonly<Record<string, string>>): Upload {
    const upload = { id: randomUUID(), key, started: new Date(), headers, parts: new Map<number, StoredPart>() };
    this.uploads.set(upload.id, upload);
    return upload;
  }

  /** The bytes of each object by key: what a test compares its own account with. */
  contents(): ReadonlyMap<string, Buffer> {
    return new Map([...this.#objects].map(([key, { body }]) => [key, body]));
  }
}
