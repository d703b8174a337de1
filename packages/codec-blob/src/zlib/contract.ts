/** What this package needs of zlib; which implementation it gets is decided when it is loaded (`imports` of package.json). */
export interface Zlib {
  /** A zlib stream (RFC 1950), as fast as the platform can. */
  deflate(payload: Uint8Array): Uint8Array;
  /** The same without blocking the thread, where the platform has a way. */
  deflateAside(payload: Uint8Array): Promise<Uint8Array>;
  /** A zlib stream with the very bytes that CPython makes at its default level. Several times slower. */
  deflateCanonical(payload: Uint8Array): Uint8Array;
  /**
   * Exactly `size` bytes out of a stream that ends exactly where the data ends. Throws an `Error` that says what is
   * wrong; stops as soon as there is more than `size`.
   */
  inflate(stream: Uint8Array, size: number): Uint8Array;
}
