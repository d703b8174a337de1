import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ConfigError, isSecret, type Logger, Secret, silentLogger } from "@mortise/core";
import { defaultWaitMs } from "../driver/permits.ts";
import type { DatabaseContext, DatabaseSpec } from "../plugin.ts";
import { type HostAndPort, parseHost } from "./host.ts";
import type { ServerOptions } from "./options.ts";

/** When TLS is used, and what is checked then. */
export interface TlsSettings {
  /** `preferred`: tried first; what follows a refusal depends on where the server is. */
  readonly mode: "required" | "preferred" | "off";
  /** For `tls.connect`. With `rejectUnauthorized` the name in the certificate has to be the host's, too. */
  readonly options: { readonly rejectUnauthorized: boolean; readonly ca?: string | undefined };
}

/** Checked settings of a connection to a server. */
export interface ServerSettings extends HostAndPort {
  readonly user: string;
  readonly password: Secret | undefined;
  readonly name: string | undefined;
  readonly tls: TlsSettings;
  readonly reconnect: boolean;
  readonly connections: number;
  readonly waitMs: number;
  readonly logger: Logger;
  /** `user@host:port/name`, for messages. */
  readonly place: string;
}

/** What differs between servers. */
export interface ServerDefaults {
  readonly port: number;
  readonly name?: string | undefined;
}

/** Connections of the write protocol, which are never lent to users. */
export const ledgerConnections = 2;

const defaultConnections = 10;

/** The options that a resolved configuration stands for. Values of the wrong kind are refused by `serverSettings`. */
export function serverOptions(spec: DatabaseSpec, context: DatabaseContext): ServerOptions {
  const given = Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null)) as {
    readonly [key: string]: never;
  };
  const ca: unknown = given["tls_ca"];
  const fromFile = typeof ca === "string" && ca !== "system" && ca !== "";
  return {
    host: given["host"],
    port: given["port"],
    user: given["user"] ?? "",
    password: given["password"],
    name: given["name"],
    useTls: given["use_tls"],
    tlsCa: fromFile ? resolve(context.directory ?? ".", ca) : given["tls_ca"],
    reconnect: given["reconnect"],
    connections: given["connections"],
    waitMs: given["wait_ms"],
    logger: context.logger,
    signal: context.signal,
  };
}

/**
 * Checks options and reads the file of authorities.
 *
 * @throws ConfigError `database-host`, `database-user`, `tls-ca`, or `database-settings` for everything else
 */
export async function serverSettings(options: ServerOptions, defaults: ServerDefaults): Promise<ServerSettings> {
  const { host, port } = parseHost(options.host ?? "localhost", options.port ?? defaults.port);
  const { user, password, reconnect = true } = options;
  if (typeof user !== "string" || user === "") {
    throw new ConfigError("database-user", `no user is configured for the database on ${host}`, {
      hint: "set database.user in datajoint.json, or the variable DJ_USER",
    });
  }
  if (password !== undefined && typeof password !== "string" && !isSecret(password)) wrong("password", "text");
  if (typeof reconnect !== "boolean") wrong("reconnect", "true or false");
  const name = options.name ?? defaults.name;
  if (name !== undefined && (typeof name !== "string" || name === "")) wrong("name", "the name of a database");
  const connections = options.connections ?? defaultConnections;
  if (!Number.isInteger(connections) || connections < 1) wrong("connections", "a whole number from 1 on");
  const waitMs = options.waitMs ?? defaultWaitMs;
  if (typeof waitMs !== "number" || !(waitMs > 0)) wrong("wait_ms", "milliseconds, more than 0");
  return {
    host,
    port,
    user,
    password: typeof password === "string" ? new Secret(password) : password,
    name,
    tls: await tlsSettings(options, host),
    reconnect,
    connections,
    waitMs,
    logger: options.logger ?? silentLogger,
    place: `${user}@${host}:${port}${name === undefined ? "" : `/${name}`}`,
  };
}

function wrong(key: string, expected: string): never {
  throw new ConfigError("database-settings", `database.${key} must be ${expected}`, {
    hint: `see the option ${key} in the package's README`,
  });
}

async function tlsSettings({ useTls, tlsCa }: ServerOptions, host: string): Promise<TlsSettings> {
  if (useTls !== undefined && typeof useTls !== "boolean") wrong("use_tls", "true or false");
  if (tlsCa === undefined) {
    // A local socket never leaves the machine, and servers refuse TLS there.
    const untold = host.startsWith("/") ? "off" : "preferred";
    const mode = useTls === undefined ? untold : useTls ? "required" : "off";
    return { mode, options: { rejectUnauthorized: false } };
  }
  if (useTls === false) {
    throw new ConfigError("tls-ca", "database.tls_ca is given although database.use_tls is false", {
      hint: "remove one of the two",
    });
  }
  if (tlsCa === "system") return { mode: "required", options: { rejectUnauthorized: true } };
  return { mode: "required", options: { rejectUnauthorized: true, ca: await readAuthorities(tlsCa) } };
}

async function readAuthorities(file: string): Promise<string> {
  try {
    const text = await readFile(file, "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  } catch (cause) {
    throw new ConfigError("tls-ca", `can't read database.tls_ca: ${file}`, {
      cause,
      hint: "name a PEM file of authorities; a relative path starts where datajoint.json stands",
    });
  }
  throw new ConfigError("tls-ca", `there is no certificate in database.tls_ca: ${file}`, {
    hint: "name a PEM file, with lines of BEGIN CERTIFICATE",
  });
}
