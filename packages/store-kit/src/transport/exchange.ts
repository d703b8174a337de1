import type { Bytes, StoreError } from "@mortise/core";
import type { Dispatcher } from "undici";
import { storeError } from "../errors.ts";
import type { Clock } from "../lifecycle/clock.ts";
import { clockOf } from "../lifecycle/clock.ts";
import { chunksOf } from "../streams/source.ts";
import { IncomingBody } from "./body.ts";
import type { HttpRequest, HttpResponse } from "./contract.ts";
import { networkError, plainToTls, signalError } from "./network-error.ts";
import type { Watch, Watched } from "./watch.ts";

const defaultCollect = 64 * 1024;

type Headers = Record<string, string | undefined>;

/** One request and its answer: undici calls it with what arrives, and it settles one promise. */
export class Exchange implements Dispatcher.DispatchHandler, Watched {
  readonly #request: HttpRequest;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: StoreError) => void;
  readonly #clock: Clock | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Headers = {};
  /** Of a body whose length is known and short: filled as it comes. */
  #whole: Bytes | undefined;
  /** Of a body whose length is not told: what came, as long as it is short. */
  #gathered: Bytes[] = [];
  #length: number | undefined;
  #received = 0;
  #sent = 0;
  #body: IncomingBody | undefined;
  #over = false;
  readonly #watch: Watch | undefined;
  /** Periods of the watch without a byte. */
  #quiet = 0;

  constructor(
    request: HttpRequest,
    resolve: (response: HttpResponse) => void,
    reject: (error: StoreError) => void,
    watch?: Watch,
  ) {
    this.#request = request;
    this.#watch = watch;
    this.#clock = clockOf(request.signal);
    this.#resolve = resolve;
    this.#reject = reject;
    request.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sent = 0;
    // It was aborted while it waited for a connection.
    if (this.#over) controller.abort(new Error("aborted"));
    // Not before: while it waits for a connection nothing can move.
    else this.#watch?.add(this);
  }

  tick(limit: number): void {
    // A body that waits for its reader is nobody's fault.
    if (this.#body?.awaited === false) this.#quiet = 0;
    else if (++this.#quiet > limit) this.#giveUp();
  }

  onBodySent(chunk: Uint8Array): void {
    this.#quiet = 0;
    const { onSent } = this.#request;
    if (onSent === undefined) return;
    this.#sent += chunk.byteLength;
    onSent(this.#sent);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#clock?.touch();
    this.#quiet = 0;
    if (status < 200) return;
    this.#status = status;
    for (const name in headers) {
      const value = headers[name];
      if (typeof value === "object") headers[name] = value.join(", ");
    }
    this.#headers = headers as Headers;
    const limit = this.#request.collectUpTo ?? defaultCollect;
    this.#length = this.#announced();
    if (this.#length === undefined) return;
    if (this.#length > limit) this.#stream(controller);
    // Not filled with zeros first: it is handed out only when every byte of it was received.
    else if (this.#length > 0) this.#whole = new Uint8Array(Buffer.allocUnsafeSlow(this.#length).buffer);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#quiet = 0;
    this.#received += chunk.byteLength;
    // Some servers send blanks for minutes, until they know what they did.
    this.#clock?.touch();
    if (this.#body !== undefined) {
      this.#body.push(chunk);
      return;
    }
    if (this.#whole !== undefined) {
      // More than announced is found out at the end.
      if (this.#received <= this.#whole.byteLength) this.#whole.set(chunk, this.#received - chunk.byteLength);
      return;
    }
    this.#gathered.push(chunk);
    if (this.#received > (this.#request.collectUpTo ?? defaultCollect)) this.#stream(controller);
  }

  onResponseEnd(): void {
    if (this.#length !== undefined && this.#received !== this.#length) {
      this.#fail(this.#cutOff());
      return;
    }
    if (this.#body !== undefined) {
      this.#finish();
      this.#body.end();
      return;
    }
    // A copy of its own, no view of a pooled buffer.
    const bytes = this.#whole ?? new Uint8Array(Buffer.concat(this.#gathered));
    const misled = plainToTls(this.#request.site, this.#status, bytes);
    if (misled !== undefined) this.#fail(misled);
    else this.#answer(bytes);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(networkError(this.#request.site, error));
  }

  /** Answers now; the body follows as it is read. */
  #stream(controller: Dispatcher.DispatchController): void {
    const body = new IncomingBody({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      stop: () => {
        this.#finish();
        controller.abort(new Error("not read to its end"));
      },
    });
    this.#body = body;
    for (const chunk of this.#gathered) body.push(chunk);
    this.#gathered = [];
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      bytes: undefined,
      chunks: body,
      release: () => body.release(),
    });
  }

  #answer(bytes: Bytes): void {
    if (this.#over) return;
    this.#finish();
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      bytes,
      chunks: chunksOf(bytes),
      release: () => Promise.resolve(),
    });
  }

  #fail(error: StoreError): void {
    if (this.#over) return;
    this.#finish();
    if (this.#body === undefined) this.#reject(error);
    else this.#body.fail(error);
  }

  #giveUp(): void {
    const found = `no byte was sent or received for ${(this.#watch?.idleMs ?? 0) / 1_000} s`;
    this.#fail(storeError(this.#request.site, "timeout", found, { hint: "look at the network and the server" }));
    this.#controller?.abort(new Error("given up"));
  }

  #finish(): void {
    this.#over = true;
    this.#watch?.delete(this);
    this.#request.signal?.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    const { signal, site } = this.#request;
    if (this.#over || signal === undefined) return;
    this.#fail(signalError(site, signal));
    this.#controller?.abort(new Error("aborted"));
  };

  /** Bytes that will come; undefined where the server does not say. */
  #announced(): number | undefined {
    if (this.#request.method === "HEAD" || this.#status === 204 || this.#status === 304) return 0;
    const told = this.#headers["content-length"];
    return told === undefined ? undefined : Number(told);
  }

  #cutOff(): StoreError {
    return storeError(
      this.#request.site,
      "unavailable",
      `the connection ended after ${this.#received} of ${this.#length} bytes`,
      { status: this.#status, hint: "look whether a proxy cuts answers" },
    );
  }
}
