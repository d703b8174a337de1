// Values that must never be printed, and how they might be: in plain, in base64, percent-encoded, in hexadecimal.

export const canaries = {
  secretKey: "canary+secret/key=4711",
  sessionToken: "canary/session+token==4712",
  accountKey: Buffer.from("canary account key 4713").toString("base64"),
  sasSignature: "canary%2Bsas%2Fsignature4714",
  gcsToken: "ya29.canary-token/4717+",
  gcsPrivateKey: "canaryPrivateKey/4715+",
  connectionPassword: Buffer.from("canary connection 4716").toString("base64"),
} as const;

const forms = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  Buffer.from(secret).toString("base64url"),
  Buffer.from(secret).toString("hex"),
];

/** The names of the canaries that a text shows, in any form; a signature of a presigned URL counts as one. */
export function leaksIn(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const leaked = Object.entries(canaries).filter(([, secret]) =>
    forms(secret).some((form) => text.includes(form) || lower.includes(form.toLowerCase())),
  );
  const signature = /(?:X-Amz-Signature|X-Goog-Signature|[?&]sig|Signature)=[\w%+/-]{16}/i.test(text);
  return [...leaked.map(([name]) => name), ...(signature ? ["signature"] : [])];
}
