import type {
  Bytes,
  Checksums,
  MultipartUpload,
  ObjectInfo,
  PresignedRequest,
  PresignRequest,
  PutMode,
  StoreCapabilities,
} from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import type { ResolvedRange } from "../ranges/resolve.ts";

/** What every request is told. */
export interface CloudCall {
  /** For errors. */
  readonly site: OperationSite;
  /** Reaches the socket. */
  readonly signal?: AbortSignal | undefined;
}

/** One whole object, or the start of an upload in parts. */
export interface CloudWrite extends CloudCall {
  readonly mode: PutMode;
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Only digests that `capabilities.checksums` names. */
  readonly expect?: Checksums | undefined;
  /** Called while a body is sent, with the bytes so far. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** What a server says about what it wrote. */
export interface CloudWritten {
  readonly etag?: string | undefined;
  readonly version?: string | undefined;
  readonly checksums?: Checksums | undefined;
}

/** An object as the server knows it; `name` is its full name in the bucket or container, the location included. */
export interface CloudObject extends Omit<ObjectInfo, "key"> {
  readonly name: string;
}

export interface CloudRead extends CloudCall {
  /** From `offset`, at most `length` bytes. A suffix was resolved with `head` before. */
  readonly range?: { readonly offset: number; readonly length?: number | undefined } | undefined;
  readonly ifMatch?: string | undefined;
}

export interface CloudBody {
  /** `size` is that of the whole object, also where a range was read. */
  readonly object: CloudObject;
  /** The bytes that come. A server that answers the whole to a ranged request says so here, and is not trusted. */
  readonly range: ResolvedRange;
  /** The body where it was short. */
  readonly bytes: Bytes | undefined;
  readonly chunks: AsyncIterable<Bytes>;
  release(): Promise<void>;
}

export interface CloudListing extends CloudCall {
  /** Full name prefix, location included. */
  readonly prefix: string;
  readonly delimiter?: "/" | undefined;
  /** Names after this one; a server whose start is inclusive may answer it too. */
  readonly startAfter?: string | undefined;
  /** `next` of the page before. */
  readonly token?: string | undefined;
  readonly limit: number;
}

export interface CloudPage {
  /** In UTF-8 byte order, across pages too. */
  readonly objects: readonly CloudObject[];
  /** Full names, ending in the delimiter. */
  readonly prefixes: readonly string[];
  readonly next?: string | undefined;
}

export interface CloudDelete extends CloudCall {
  readonly ifMatch?: string | undefined;
  /** `head` has just told `ifMatch`: a backend that would ask whether the object is there need not. */
  readonly seen?: boolean | undefined;
}

export interface CloudCopy extends CloudWrite {
  /** What `head` said of the source; the copy must be of this one and no newer. */
  readonly source: CloudObject;
}

export interface CloudPart {
  /** From 1. */
  readonly number: number;
  readonly size: number;
  /** What completing the upload needs of it, for example its ETag. */
  readonly token: string;
  /** MD5 in hex where the server tells one that can be trusted. */
  readonly md5?: string | undefined;
}

/** Uploads in parts. `id` is all that another process needs besides the name. */
export interface CloudMultipart {
  readonly limits: MultipartUpload["limits"];
  start(name: string, call: CloudWrite): Promise<string>;
  uploadPart(
    name: string,
    id: string,
    part: { readonly number: number; readonly offset: number; readonly body: Bytes },
    call: CloudCall & Pick<CloudWrite, "onSent">,
  ): Promise<CloudPart>;
  /** The parts that the server has, by number. Throws `not-found` where the upload is unknown. */
  parts(name: string, id: string, call: CloudCall): Promise<readonly CloudPart[]>;
  /** `size` is that of the whole object. Throws `not-found` where the upload is unknown: perhaps it was completed before. */
  complete(
    name: string,
    id: string,
    parts: readonly CloudPart[],
    call: CloudWrite & { readonly size: number },
  ): Promise<CloudWritten>;
  /** Idempotent. */
  abort(name: string, id: string, call: CloudCall): Promise<void>;
  /** Open uploads below a prefix of names, in any order. */
  list(
    prefix: string,
    call: CloudCall,
  ): AsyncIterable<{ readonly name: string; readonly id: string; readonly startedAt: Date }>;
}

/**
 * A server on the network, one attempt per call: no retries, no keys, no sections, no bodies larger than a part. All of
 * that is `cloudStore`'s. What is thrown is a store error, made by the backend from the server's answer: its code, whether
 * another attempt may succeed (`retryable`), status and request id. A refused `create` is `already-exists`, a stale
 * `ifMatch` and one of an absent object `precondition-failed`, a range past the end `invalid-range`.
 */
export interface CloudBackend {
  readonly protocol: string;
  /** URL of the location, without a slash at its end. */
  readonly baseUrl: string;
  /** Scheme, host and port of the server: what was probed is kept per endpoint. */
  readonly endpoint: string;
  /** Prefix of all names: empty, or ending in a slash. */
  readonly prefix: string;
  /** What the provider documents; what the probe finds missing is taken away. */
  readonly capabilities: StoreCapabilities;
  /** A body up to this many bytes goes in one `put`; a longer one in parts. */
  readonly singlePutBytes: number;
  put(name: string, body: Bytes, call: CloudWrite): Promise<CloudWritten>;
  get(name: string, call: CloudRead): Promise<CloudBody>;
  /** Throws `not-found`. */
  head(name: string, call: CloudCall): Promise<CloudObject>;
  list(call: CloudListing): Promise<CloudPage>;
  /** If true, `delete` answers `unknown` for every name: the generic layer then asks `head` before. */
  readonly blindDelete?: boolean | undefined;
  /** `unknown`: it is not there now, and the server did not say whether it was. */
  delete(name: string, call: CloudDelete): Promise<"deleted" | "absent" | "unknown">;
  /** One request for several names, at most `capabilities.bulkDelete`; an answer per name, a missing answer is not success. */
  deleteBatch?(
    names: readonly string[],
    call: CloudCall,
  ): Promise<ReadonlyMap<string, "deleted" | "absent" | "unknown" | Error>>;
  /** Server-side, of any size. */
  copy?(to: string, call: CloudCopy): Promise<CloudWritten>;
  readonly multipart: CloudMultipart;
  presign?(name: string, request: PresignRequest): Promise<PresignedRequest>;
  close(): Promise<void>;
}
