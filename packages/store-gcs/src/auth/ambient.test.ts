import { createVerify, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import { parseKey } from "@mortise/core";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { openGcsStore } from "../store.ts";
import { pattern, site, testBackend } from "../testing/backend.ts";
import { startGcsServer } from "../testing/gcs-server.ts";
import { resolveAccess } from "./resolve.ts";

const folder = await mkdtemp(join(tmpdir(), "mortise-gcs-"));
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  vi.stubEnv("STORAGE_EMULATOR_HOST", undefined);
  // Google's library asks nobody for it then.
  vi.stubEnv("GOOGLE_CLOUD_PROJECT", "lab");
});
afterEach(() => vi.unstubAllEnvs());

/** Names a file with this content to Google's libraries. */
async function setAmbient(content: object): Promise<void> {
  const path = join(folder, `${crypto.randomUUID()}.json`);
  await writeFile(path, JSON.stringify(content));
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", path);
}

/** An endpoint that gives `token1`, then `token2`, … for what it is told. */
async function startTokenServer(): Promise<AsyncDisposable & { readonly url: string; readonly told: string[] }> {
  const told: string[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    told.push(await text(request));
    response.setHeader("content-type", "application/json");
    const issued_token_type = "urn:ietf:params:oauth:token-type:access_token";
    const access_token = `token${told.length}`;
    response.end(JSON.stringify({ access_token, issued_token_type, token_type: "Bearer", expires_in: 3_600 }));
  }
  const http = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(http, "listening");
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/token`,
    told,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
}

it("credentials of the environment are exchanged for a token once, and anew where the token is refused", async () => {
  await using tokenServer = await startTokenServer();
  const subject = join(folder, "subject");
  await writeFile(subject, "workload7");
  // As workload identity federation has it: service accounts' keys always go to Google's own token endpoint.
  await setAmbient({
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/lab",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: tokenServer.url,
    credential_source: { file: subject },
  });
  const { google, tokens } = await resolveAccess(site, { bucket: "lab" });
  expect([google, tokenServer.told]).toEqual([true, []]);

  await using server = await startGcsServer();
  const backend = testBackend(server, { tokens });
  const write = () => backend.put("p/a", pattern(3), { site, mode: "overwrite" });
  await Promise.all([write(), write()]);
  expect(tokenServer.told.map((body) => new URLSearchParams(body).get("subject_token"))).toEqual(["workload7"]);
  server.instead.push(() => ({ status: 401 }));
  await write();
  expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer token1",
    "Bearer token1",
    "Bearer token1",
    "Bearer token2",
  ]);
});

it("a service account's key of the environment signs URLs without a request", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const private_key = privateKey.export({ type: "pkcs8", format: "pem" });
  await setAmbient({ type: "service_account", client_email: "robot@lab.example", private_key, project_id: "lab" });
  await using store = await openGcsStore({ bucket: "lab" });
  const signed = await store.presign?.({ method: "GET", key: parseKey("a"), expiresInSeconds: 60 });
  const { host, pathname, searchParams } = new URL(signed?.url ?? "");
  expect(searchParams.get("X-Goog-Credential")).toMatch(/^robot@lab\.example\//);
  const signature = Buffer.from(searchParams.get("X-Goog-Signature") ?? "", "hex");
  searchParams.delete("X-Goog-Signature");
  const query = [...searchParams].map((pair) => pair.map(encodeURIComponent).join("=")).sort();
  const canonical = ["GET", pathname, query.join("&"), `host:${host}`, "", "host", "UNSIGNED-PAYLOAD"].join("\n");
  const hashed = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(canonical))).toString("hex");
  const [, ...scope] = (searchParams.get("X-Goog-Credential") ?? "").split("/");
  const toSign = ["GOOG4-RSA-SHA256", searchParams.get("X-Goog-Date"), scope.join("/"), hashed].join("\n");
  expect(createVerify("sha256").update(toSign).verify(publicKey, signature)).toBe(true);
});

it("credentials of the environment that can't be used are an error that shows nothing of them", async () => {
  await setAmbient({ type: "service_account", client_email: "robot@lab.example", private_key: "canary" });
  await using store = await openGcsStore({ bucket: "lab", retry: { attempts: 1 } });
  const error: unknown = await store.head(parseKey("a")).catch((failure: unknown) => failure);
  expect(error).toMatchObject({ code: "unauthenticated" });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("canary");
});
