import { isDone, type S3Answer } from "../message.ts";
import { answering, type Fault, isRead, type Next, onlyFor } from "./fault.ts";

/** Changes the bodies of objects, where there is something to change. */
const spoiling = (name: string, spoil: (answer: S3Answer, body: Buffer) => S3Answer): Fault =>
  answering(name, (request, next: Next) => {
    const answer = next(request);
    const { body } = answer;
    return isRead(request) && isDone(answer) && body !== undefined && body.byteLength > 1
      ? spoil(answer, body)
      : answer;
  });

const half = (body: Buffer): number => body.byteLength >> 1;

/** Says the right length and ends the connection half-way. */
export const truncatesWithRightLength: Fault = spoiling("truncates-with-right-length", (answer, body) => ({
  ...answer,
  wire: { cutAt: half(body) },
}));

/** Says the length of what it sends, which is half of the object. */
export const truncatesWithWrongLength: Fault = spoiling("truncates-with-wrong-length", (answer, body) => ({
  ...answer,
  body: body.subarray(0, half(body)),
}));

export const flipsABit: Fault = spoiling("flips-a-bit", (answer, body) => {
  const spoiled = Buffer.from(body);
  const at = half(body);
  spoiled[at] = (spoiled[at] ?? 0) ^ 1;
  return { ...answer, body: spoiled };
});

/** Sends half of the body, then nothing, and keeps the connection. */
export const stallsInBody: Fault = spoiling("stalls-in-body", (answer, body) => ({
  ...answer,
  wire: { stallAt: half(body) },
}));

/** Sends the body in many small pieces with pauses, but all of it. */
export const trickles: Fault = spoiling("trickles", (answer, body) => ({
  ...answer,
  wire: { trickle: { bytes: Math.max(1, body.byteLength >> 3), everyMs: 5 } },
}));

/** Answers HEAD with a size that is not the object's. */
export const wrongLengthOnHead: Fault = onlyFor(
  ["HeadObject"],
  answering("wrong-length-on-head", (request, next) => {
    const answer = next(request);
    return isDone(answer) ? { ...answer, wire: { declaredLength: (answer.body?.byteLength ?? 0) + 7 } } : answer;
  }),
);

/** Answers a range with the whole object and status 200. */
export const wholeBodyForARange: Fault = answering("whole-body-for-a-range", (request, next) =>
  next(isRead(request) ? { ...request, headers: { ...request.headers, range: undefined } } : request),
);

/** Answers another range than the one that was asked for, and says so. */
export const wrongRange: Fault = answering("wrong-range", (request, next) => {
  const [, first, last = ""] = /^bytes=(\d+)-(\d*)$/.exec(request.headers["range"] ?? "") ?? [];
  if (!isRead(request) || first === undefined) return next(request);
  const range = `bytes=${Math.max(0, Number(first) - 1)}-${last === "" ? "" : Math.max(0, Number(last) - 1)}`;
  return next({ ...request, headers: { ...request.headers, range } });
});
