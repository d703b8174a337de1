import type { Bytes, OperationOptions } from "../bytes.ts";
import type { ObjectKey } from "../keys/object-key.ts";
import type { Checksums } from "./checksums.ts";
import type { ListOptions, PutOptions, PutResult } from "./contract.ts";

/** Uploads in parts that survive the process that began them. */
export interface Multipart {
  start(key: ObjectKey, options?: PutOptions): Promise<MultipartUpload>;
  /** Continues an upload that another process began. */
  resume(key: ObjectKey, id: string, options?: OperationOptions): Promise<MultipartUpload>;
  /** Open uploads below a prefix, in any order. Throws `unsupported` where the server can't tell. */
  list(
    options?: ListOptions,
  ): AsyncIterable<{ readonly key: ObjectKey; readonly id: string; readonly startedAt: Date }>;
}

export interface UploadedPart {
  /** From 1. */
  readonly number: number;
  readonly size: number;
  readonly token: string;
  readonly checksums?: Checksums | undefined;
}

export interface UploadPartOptions extends OperationOptions {
  /** Called while the part is sent, with its bytes so far; a store that can't tell does not call it. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** Disposing it frees what this process holds; the upload stays open until `complete` or `abort`. */
export interface MultipartUpload extends AsyncDisposable {
  readonly id: string;
  /** In bytes; every part but the last is a multiple of `multiple`. */
  readonly limits: {
    readonly minPart: number;
    readonly maxPart: number;
    readonly maxParts: number;
    readonly multiple?: number | undefined;
    /** Parts must be sent one after the other, by number. */
    readonly sequential?: boolean | undefined;
    /** Whoever has the upload's id may write the object, without other credentials: it must not be shown or logged. */
    readonly secretId?: boolean | undefined;
  };
  uploadPart(number: number, part: Bytes, options?: UploadPartOptions): Promise<UploadedPart>;
  parts(options?: OperationOptions): AsyncIterable<UploadedPart>;
  complete(parts: readonly UploadedPart[], options?: PutOptions): Promise<PutResult>;
  abort(options?: OperationOptions): Promise<void>;
}
