import type { GetOptions, MinimalStore, ObjectKey } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { BodyFault } from "./body.ts";
import { damaged } from "./body.ts";
import { createRandom } from "./random.ts";
import { faultyMultipart } from "./uploads.ts";

/** What went wrong, for a test's log. */
export interface Fault {
  readonly kind: BodyFault | "unavailable" | "reset" | "lost-answer";
  readonly operation: string;
  readonly key?: ObjectKey | undefined;
}

/** Each rate is the share of operations that it strikes, from 0 (default) to 1. */
export interface FaultOptions {
  /** The same seed and the same order of calls give the same faults. */
  readonly seed: number;
  /** The operation is refused with `unavailable`, status 503, and so are the next `burst` ones. */
  readonly unavailable?: number | undefined;
  /** Default 3. */
  readonly burst?: number | undefined;
  /** The connection breaks before the store has heard of the operation. */
  readonly reset?: number | undefined;
  /** The store does what it is asked, but the answer is lost: the caller sees `unavailable` and can't know. */
  readonly lostAnswer?: number | undefined;
  /** The body breaks off with an error after a random number of bytes. */
  readonly drop?: number | undefined;
  /** The body ends early as if it were complete. */
  readonly truncate?: number | undefined;
  /** One bit of the body is wrong. */
  readonly corrupt?: number | undefined;
  /** Up to this many milliseconds pass before every operation. */
  readonly latencyMs?: number | undefined;
  readonly onFault?: ((fault: Fault) => void) | undefined;
}

const struck: ReadonlySet<unknown> = new Set(["put", "get", "head", "delete", "copy", "move", "ensureDurable"]);
type Operation = (key: ObjectKey, ...rest: readonly unknown[]) => Promise<unknown>;

/**
 * A store that fails as networks and servers do. Wrap a minimal store below `completeStore` to see what the kit makes
 * of the faults, or a whole store to see what its users make of them.
 */
export function withFaults<Store extends MinimalStore>(store: Store, options: FaultOptions): Store {
  const random = createRandom(options.seed);
  const { burst = 3, latencyMs = 0 } = options;
  let refusals = 0;
  const strikes = (rate: number | undefined): boolean => random() < (rate ?? 0);
  const report = (kind: Fault["kind"], site: OperationSite): void =>
    options.onFault?.({ kind, operation: site.operation, key: site.key });

  function refuse(site: OperationSite): void {
    if (strikes(options.unavailable)) refusals = burst + 1;
    if (refusals > 0) {
      refusals--;
      report("unavailable", site);
      throw storeError(site, "unavailable", "the server answered 503", { status: 503 });
    }
    if (!strikes(options.reset)) return;
    report("reset", site);
    throw storeError(site, "unavailable", "the connection was reset");
  }
  function bodyFault(): BodyFault | undefined {
    return (["drop", "truncate", "corrupt"] as const).find((fault) => strikes(options[fault]));
  }
  async function strike<T>(operation: string, key: ObjectKey, work: () => Promise<T>): Promise<T> {
    const site = { operation, store: store.protocol, key };
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, random() * latencyMs));
    refuse(site);
    const answer = await work();
    if (operation !== "get" && strikes(options.lostAnswer)) {
      report("lost-answer", site);
      throw storeError(site, "unavailable", "the connection was reset before the answer came");
    }
    return answer;
  }
  async function get(key: ObjectKey, call?: GetOptions): Promise<unknown> {
    const result = await store.get(key, call);
    const fault = bodyFault();
    if (fault === undefined || result.range.length === 0) return result;
    const site = { operation: "get", store: store.protocol, key };
    report(fault, site);
    return damaged(site, result, fault, Math.floor(random() * result.range.length));
  }

  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name === "multipart" && target.multipart !== undefined) return faultyMultipart(target.multipart, strike);
      if (typeof value !== "function") return value;
      if (!struck.has(name)) return value.bind(target) as unknown;
      const operation = name as string;
      const call = (name === "get" ? get : value.bind(target)) as Operation;
      return (key: ObjectKey, ...rest: readonly unknown[]) => strike(operation, key, () => call(key, ...rest));
    },
  });
}
