import { errorAnswer } from "../message.ts";
import { answering, type Fault, fault, isWrite } from "./fault.ts";

/** The connection is reset when the request is complete, and nothing was done. */
export const resetsBeforeCommit: Fault = answering("resets-before-commit", () => ({
  status: 0,
  headers: {},
  wire: { reset: true },
}));

/** The connection is reset in the middle of the request's body. */
export const resetsDuringBody: Fault = fault("resets-during-body", () => ({
  cutRequest: ({ headers }) => {
    const length = Number(headers["content-length"] ?? 0);
    return length > 1 ? length >> 1 : undefined;
  },
}));

/** What was asked is done, and the answer is lost. */
export const resetsAfterCommit: Fault = answering("resets-after-commit", (request, next) => {
  const answer = next(request);
  return isWrite(request) ? { ...answer, wire: { reset: true } } : answer;
});

/** What was asked is done, and the answer never comes, while the connection stays. */
export const neverAnswers: Fault = answering("never-answers", (request, next) => {
  const answer = next(request);
  return isWrite(request) ? { ...answer, wire: { silent: true } } : answer;
});

const busy = (name: string, status: number, code: string, headers: Readonly<Record<string, string>>): Fault =>
  answering(name, () => {
    const answer = errorAnswer(status, code, "Please reduce your request rate.");
    return { ...answer, headers: { ...answer.headers, ...headers } };
  });

export const slowDown: Fault = busy("503-slow-down", 503, "SlowDown", {});
export const slowDownWithRetryAfter: Fault = busy("503-with-retry-after", 503, "SlowDown", { "retry-after": "0" });
export const tooManyRequests: Fault = busy("429-too-many-requests", 429, "TooManyRequests", {});
export const internalError: Fault = busy("500-internal-error", 500, "InternalError", {});
