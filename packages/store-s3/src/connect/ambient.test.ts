import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseKey } from "@mortise/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openS3Store } from "../store.ts";
import { scriptedServer } from "../testing/server.ts";

const key = parseKey("a");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mortise-aws-"));
  const profiles = "[other]\naws_access_key_id = AKPROFILE\naws_secret_access_key = hush\n";
  await writeFile(join(folder, "credentials"), profiles);
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials"));
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
  vi.stubEnv("AWS_PROFILE", undefined);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** The access key that a store without keys of its own signs with. */
async function signedBy(options: { readonly profile?: string }): Promise<string | undefined> {
  await using server = await scriptedServer(() => ({ status: 404 }));
  await using store = await openS3Store({ endpoint: server.endpoint, bucket: "lab", ...options });
  await expect(store.head(key)).rejects.toMatchObject({ code: "not-found" });
  return /Credential=([^/]+)/.exec(server.requests.at(-1)?.headers.authorization ?? "")?.[1];
}

describe("a store without keys", () => {
  it("takes those of the profile that is named", async () => {
    expect(await signedBy({ profile: "other" })).toBe("AKPROFILE");
  });

  it("takes those of the environment", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKENVIRONMENT");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "hush");
    expect(await signedBy({})).toBe("AKENVIRONMENT");
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
  });

  it("says what to do where there are none", async () => {
    await using server = await scriptedServer(() => ({ status: 404 }));
    const use = async (): Promise<void> => {
      await using store = await openS3Store({ endpoint: server.endpoint, bucket: "lab" });
      await store.head(key);
    };
    await expect(use()).rejects.toMatchObject({ code: "unauthenticated", hint: /AWS_ACCESS_KEY_ID/ });
    expect(server.requests).toHaveLength(0);
  });
});
