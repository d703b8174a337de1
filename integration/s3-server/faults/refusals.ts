import { errorAnswer, type S3Answer, type S3Head } from "../message.ts";
import { skewed, wrongRegion } from "../signature.ts";
import { answering, type Fault, fault, onlyFor } from "./fault.ts";

const redirect = (status: number, code: string, request: S3Head, elsewhere: string): S3Answer => {
  const answer = errorAnswer(status, code, "Please re-send this request to the specified endpoint.", {
    Endpoint: new URL(elsewhere).host,
  });
  const search = request.query.size === 0 ? "" : `?${request.query}`;
  return { ...answer, headers: { ...answer.headers, location: `${elsewhere}${request.path}${search}` } };
};

export const redirects301: Fault = answering("301-elsewhere", (request, _, { elsewhere }) =>
  redirect(301, "PermanentRedirect", request, elsewhere),
);
export const redirects307: Fault = answering("307-elsewhere", (request, _, { elsewhere }) =>
  redirect(307, "TemporaryRedirect", request, elsewhere),
);

const minutes = 60_000;

/** The clock of the server is 20 minutes ahead, and it refuses what is signed by another clock. */
export const wrongClock: Fault = fault("wrong-clock", (scene) => {
  scene.flags.clockMs = 20 * minutes;
  return {
    answer: (request, next) => {
      const stamp = request.headers["x-amz-date"] ?? request.query.get("X-Amz-Date") ?? "";
      const signed = Date.parse(stamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
      return Math.abs(Date.now() + 20 * minutes - signed) > 15 * minutes ? skewed() : next(request);
    },
  };
});

/** The bucket is in another region than the one that requests are signed for. */
export const otherRegion: Fault = answering("other-region", (request, next) =>
  /\/eu-central-1\/s3\//.test(request.headers["authorization"] ?? request.query.get("X-Amz-Credential") ?? "")
    ? next(request)
    : wrongRegion("eu-central-1"),
);

export const noSuchBucket: Fault = answering("no-such-bucket", () =>
  errorAnswer(404, "NoSuchBucket", "The specified bucket does not exist"),
);

export const deniesList: Fault = onlyFor(
  ["ListObjectsV2"],
  answering("denies-list", () => errorAnswer(403, "AccessDenied", "Access Denied")),
);

export const deniesEverything: Fault = answering("denies-everything", () =>
  errorAnswer(403, "AccessDenied", "Access Denied"),
);

export const expiredToken: Fault = answering("expired-token", () =>
  errorAnswer(400, "ExpiredToken", "The provided token has expired."),
);

/** As old servers do that know no checksums. */
export const refusesChecksumHeaders: Fault = answering("refuses-checksum-headers", (request, next) =>
  Object.keys(request.headers).some((name) => /^x-amz-(?:sdk-)?checksum-/.test(name) && name !== "x-amz-checksum-mode")
    ? errorAnswer(501, "NotImplemented", "A header you provided implies functionality that is not implemented.")
    : next(request),
);
