import { createHmac, hash } from "node:crypto";
import { Secret } from "@mortise/core";
import { describe, expect, it } from "vitest";
// From AWS's aws-sig-v4-test-suite, without the cases of path normalisation (S3 normalises no path), and from the
// examples of the Amazon S3 API reference, "Signature Calculations for the Authorization Header".
import vectors from "./fixtures/vectors.json" with { type: "json" };
import type { Credentials, Signable } from "./signer.ts";
import { createSigner } from "./signer.ts";
import { createClock, stampOf } from "./stamp.ts";

const suite: Credentials = {
  accessKeyId: new Secret("AKIDEXAMPLE"),
  secretAccessKey: new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
};
const examples: Credentials = {
  accessKeyId: new Secret("AKIAIOSFODNN7EXAMPLE"),
  secretAccessKey: new Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
};
const request: Signable = { method: "GET", path: "/", query: "", host: "h", headers: {}, payload: hash("sha256", "") };

describe("the signer", () => {
  it.each(vectors.suite)("signs $name as AWS's test suite does", ({ authorization, ...signable }) => {
    const sign = createSigner("us-east-1", "service");
    expect(sign(signable as unknown as Signable, suite, stampOf(Date.UTC(2015, 7, 30, 12, 36)))).toBe(authorization);
  });

  it.each(vectors.s3)("signs $name as the S3 reference does", ({ authorization, ...signable }) => {
    const sign = createSigner("us-east-1");
    expect(sign(signable as unknown as Signable, examples, stampOf(Date.UTC(2013, 4, 24)))).toBe(authorization);
  });

  it("derives another key for another day and for other credentials", () => {
    const sign = createSigner("us-east-1");
    const one = stampOf(Date.UTC(2024, 0, 1));
    const signatures = [
      sign(request, suite, one),
      sign(request, suite, stampOf(Date.UTC(2024, 0, 2))),
      sign(request, examples, one),
      sign(request, { ...examples, secretAccessKey: suite.secretAccessKey }, one),
    ];
    expect(new Set(signatures).size).toBe(4);
    expect(sign(request, suite, one)).toBe(signatures[0]);
  });

  it("derives the key as the reference spells it out", () => {
    const step = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
    const key = step(step(step(step("AWS4k", "20240101"), "eu-west-1"), "s3"), "aws4_request");
    const canonical = `GET\n/\n\nhost:h\n\nhost\n${request.payload}`;
    const text = `AWS4-HMAC-SHA256\n20240101T000000Z\n20240101/eu-west-1/s3/aws4_request\n${hash("sha256", canonical)}`;
    const credentials = { accessKeyId: new Secret("a"), secretAccessKey: new Secret("k") };
    expect(createSigner("eu-west-1")(request, credentials, stampOf(Date.UTC(2024, 0, 1)))).toBe(
      `AWS4-HMAC-SHA256 Credential=a/20240101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=${step(key, text).toString("hex")}`,
    );
  });
});

describe("the clock", () => {
  it("follows its offset at once", () => {
    const clock = createClock();
    const before = clock.now();
    clock.offset = 86_400_000;
    expect(clock.now().day).not.toBe(before.day);
  });
});
