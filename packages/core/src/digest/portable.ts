/**
 * Digests outside Node, from hash-wasm. Compiling WebAssembly is asynchronous and happens once, while this module loads;
 * from then on hashing is as synchronous as on Node.
 */
import { createMD5, createSHA256, type IHasher } from "hash-wasm";
import type { Bytes } from "../bytes.ts";
import type { Hasher } from "./contract.ts";

interface Engine {
  readonly wasm: IHasher;
  /** Whose state is inside the module at the moment. */
  owner: WasmHasher | undefined;
}

const [md5, sha256] = await Promise.all([createMD5(), createSHA256()]);
const engines: Readonly<Record<"md5" | "sha256", Engine>> = {
  md5: { wasm: md5, owner: undefined },
  sha256: { wasm: sha256, owner: undefined },
};

/** One of any number of hashers that take turns in one module; a turn costs a copy of about 100 bytes. */
class WasmHasher implements Hasher {
  readonly #engine: Engine;
  #state: Uint8Array | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  update(bytes: Bytes): void {
    this.#enter().update(bytes);
  }

  digest(): string {
    const result = this.#enter().digest("hex");
    this.#engine.owner = undefined;
    return result;
  }

  #enter(): IHasher {
    const { wasm, owner } = this.#engine;
    if (owner === this) return wasm;
    if (owner !== undefined) owner.#state = wasm.save();
    this.#engine.owner = this;
    return this.#state === undefined ? wasm.init() : wasm.load(this.#state);
  }
}

/** An incremental digest. */
export function createCryptoHasher(algorithm: "md5" | "sha256"): Hasher {
  return new WasmHasher(engines[algorithm]);
}

/** Of bytes in memory, in hexadecimal. */
export function digestOf(algorithm: "md5" | "sha256", bytes: Bytes): string {
  const hasher = createCryptoHasher(algorithm);
  hasher.update(bytes);
  return hasher.digest();
}
