import { type Fault, fault } from "./fault.ts";

/** Each part takes so many milliseconds. Synchronous on purpose: the server has nothing else to do meanwhile. */
export const slowParts = (ms: number): Fault =>
  fault("slow-parts", () => ({
    answer: (request, next) => {
      if (request.operation === "UploadPart") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
      return next(request);
    },
  }));
