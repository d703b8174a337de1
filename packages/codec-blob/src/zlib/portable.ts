/** zlib outside Node: pako, a port in JavaScript. */
import { deflate, Inflate } from "pako";
import type { Zlib } from "./contract.ts";

/** Bytes per step of inflating: what there may be too much of before it is noticed. */
const piece = 65_536;

export const zlib: Zlib = {
  deflate: (payload) => deflate(payload, { level: 1 }),

  async deflateAside(payload) {
    const stream = new Blob([payload as Uint8Array<ArrayBuffer>])
      .stream()
      .pipeThrough(new CompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  },

  deflateCanonical: (payload) => deflate(payload),

  inflate(stream, size) {
    const result = new Uint8Array(size);
    let at = 0;
    const inflator = new Inflate({ chunkSize: piece, windowBits: 15 });
    inflator.onData = (chunk) => {
      const data = chunk as Uint8Array;
      if (at + data.length > size) throw new Error("it inflates to more");
      result.set(data, at);
      at += data.length;
    };
    inflator.push(stream, true);
    const { err, msg, strm, ended } = inflator as unknown as PakoState;
    if (err !== 0) throw new Error(msg === "" ? "the stream is damaged" : msg);
    if (!ended) throw new Error("unexpected end of the stream");
    if (at !== size) throw new Error(`it inflates to ${at} bytes`);
    if (strm.avail_in !== 0) throw new Error("there are bytes behind the end of the stream");
    return result;
  },
};

/** What pako's types leave out. */
interface PakoState {
  readonly err: number;
  readonly msg: string;
  readonly ended: boolean;
  readonly strm: { readonly avail_in: number };
}
