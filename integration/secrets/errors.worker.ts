// Takes every error path of the three cloud stores that can be reached without the clouds, and prints each error in every
// way that a program might. What is printed is searched by its parent; `--plant` prints a canary on purpose.
import { inspect } from "node:util";
import { type Logger, type ObjectStore, parseKey, Secret } from "@mortise/core";
import { loadConfig } from "@mortise/core/node";
import { openAzureStore } from "@mortise/store-azure";
import { openGcsStore } from "@mortise/store-gcs";
import { openS3Store } from "@mortise/store-s3";
import { allFaults } from "../s3-server/faults/all.ts";
import { startS3Server } from "../s3-server/server.ts";
import { canaries } from "./canaries.ts";
import { startEchoServer } from "./echo-server.ts";

let errors = 0;

function print(error: unknown): void {
  errors++;
  console.log(String(error));
  console.error(error);
  console.log(inspect(error, { depth: null, showHidden: true }));
  console.log(JSON.stringify(error));
  for (let each = error; each instanceof Error; each = each.cause) {
    console.log(each.name, each.message, each.stack, JSON.stringify(each), JSON.stringify(Object.entries(each)));
  }
}

const logger: Logger = Object.fromEntries(
  ["debug", "info", "warn", "error"].map((level) => [
    level,
    (...what: unknown[]) => console.log(level, inspect(what, { depth: null })),
  ]),
) as unknown as Logger;
const key = parseKey("a/b");
const quick = { retry: { attempts: 2, baseMs: 1, maxMs: 2 }, timeoutMs: 500, idleTimeoutMs: 200, logger };

/** Every operation once; what succeeds is no error path. */
async function attempt(open: () => Promise<ObjectStore>): Promise<void> {
  try {
    await using store = await open();
    console.log(inspect(store, { depth: null, showHidden: true }), JSON.stringify(store));
    const operations: readonly (() => Promise<unknown>)[] = [
      () => store.put(key, new Uint8Array(10)),
      async () => (await store.get(key)).bytes(),
      () => store.head(key),
      () => Array.fromAsync(store.list()),
      () => store.delete(key),
      () => store.deleteMany([key]),
      () => store.copy(key, parseKey("c")),
      async () => store.multipart?.start(key),
      async () => store.multipart?.resume(key, "upload"),
      // The URL itself is the result: only whether it is in an error is looked at.
      async () => {
        const signed = await store.presign?.({ method: "GET", key, expiresInSeconds: 60 });
        if (signed === undefined) return;
        const { url } = signed;
        const answer = await (await fetch(url)).text();
        throw new Error(`fetched, ${answer.length > 0 ? "answered" : "silent"}`);
      },
      async () => store.presign?.({ method: "GET", key, expiresInSeconds: -1 }),
    ];
    for (const operation of operations) await operation().catch(print);
  } catch (error) {
    print(error);
  }
}

const s3 = { accessKeyId: "AKIACANARY", secretAccessKey: canaries.secretKey, sessionToken: canaries.sessionToken };
const { accountKey, connectionPassword, gcsPrivateKey, sasSignature } = canaries;
const closed = "http://127.0.0.1:9";
const connection = `AccountName=a;AccountKey=${connectionPassword}`;

if (process.argv.includes("--plant")) {
  print(new Error("failed", { cause: Buffer.from(canaries.secretKey).toString("hex") }));
  process.exit(0);
}
await Promise.all(
  allFaults.map(async (fault) => {
    await using server = await startS3Server({ faults: [fault] });
    await attempt(() => openS3Store({ endpoint: server.origin, bucket: "lab", credentials: s3, ...quick }));
  }),
);
/** Every way to quote a request: as text, and where each protocol has the server's own sentence. */
const wraps: readonly ((quoted: string) => string)[] = [
  (quoted) => quoted,
  (quoted) => `<Error><Code>SignatureDoesNotMatch</Code><Message>${quoted}</Message></Error>`,
  (quoted) => `<Error><Code>AuthenticationFailed</Code><Message>${quoted}</Message><Detail>${quoted}</Detail></Error>`,
  (quoted) => JSON.stringify({ error: { code: 403, message: quoted, errors: [{ message: quoted, reason: quoted }] } }),
];
await Promise.all(
  wraps.flatMap((wrap) =>
    [400, 401, 403, 500].map(async (status) => {
      await using echo = await startEchoServer(status, wrap);
      const endpoint = echo.origin;
      const sharedKey = { accountName: "a", accountKey: new Secret(accountKey) };
      await attempt(() => openS3Store({ endpoint, bucket: "lab", credentials: s3, ...quick }));
      await attempt(() => openAzureStore({ endpoint, container: "lab", auth: { sharedKey }, ...quick }));
      const sas = `?sv=2024-01-01&sig=${sasSignature}`;
      await attempt(() => openAzureStore({ endpoint, container: "lab", auth: { sas }, ...quick }));
      const authClient = { getAccessToken: async () => await Promise.resolve(canaries.gcsToken) };
      await attempt(() => openGcsStore({ endpoint, bucket: "lab", authClient, ...quick }));
    }),
  ),
);
await using honest = await startS3Server({ credentials: { accessKey: "AKIACANARY", secretKey: "another" } });
await using plain = await startEchoServer(403, (quoted) => quoted);
const overTls = plain.origin.replace("http:", "https:");
await Promise.all(
  [honest.origin, closed, "http://nowhere.invalid", overTls].map(async (endpoint) => {
    await attempt(() => openS3Store({ endpoint, bucket: "lab", credentials: s3, ...quick }));
    const sharedKey = { accountName: "a", accountKey: new Secret(accountKey) };
    for (const auth of [{ sharedKey }, { sas: `?sv=2024-01-01&sig=${sasSignature}` }]) {
      await attempt(() => openAzureStore({ endpoint, container: "lab", auth, ...quick }));
    }
    const keyFile = { type: "service_account", client_email: "a@b.c", private_key: gcsPrivateKey };
    await attempt(() => openGcsStore({ endpoint, bucket: "lab", token: JSON.stringify(keyFile), ...quick }));
  }),
);
await attempt(() =>
  openAzureStore({ container: "lab", auth: { connectionString: `${connection};BlobEndpoint=${closed}/a` }, ...quick }),
);
await attempt(() =>
  openAzureStore({ container: "lab", auth: { connectionString: `${connection};;=broken` }, ...quick }),
);
await attempt(() =>
  openAzureStore({
    container: "lab",
    endpoint: `http://a:${connectionPassword}@b`,
    auth: { connectionString: connection },
    ...quick,
  }),
);
await attempt(() =>
  openS3Store({
    endpoint: `http://x:${encodeURIComponent(canaries.secretKey)}@b`,
    bucket: "lab",
    credentials: s3,
    ...quick,
  }),
);

const stores = {
  default: "one",
  one: {
    protocol: "s3",
    endpoint: "b",
    bucket: "b",
    location: "l",
    access_key: "AKIACANARY",
    secret_key: canaries.secretKey,
    session_token: canaries.sessionToken,
  },
  two: { protocol: "azure", container: "c", location: "l", account_name: "a", account_key: accountKey },
  three: { protocol: "azure", container: "d", location: "l", connection_string: connection },
  four: { protocol: "gcs", bucket: "b", location: "l", token: gcsPrivateKey },
};
const config = await loadConfig({ options: { stores, ignore_config_file: true }, environment: {} }).catch(print);
if (config) {
  console.log(
    inspect(config, { depth: null, showHidden: true }),
    JSON.stringify(config),
    JSON.stringify(config.explain()),
  );
  for (const name of config.stores.keys()) console.log(inspect(config.storeSpec(name), { depth: null }));
}
console.log(JSON.stringify({ errors }));
process.exit(0);
