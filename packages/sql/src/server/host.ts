import { isIPv6 } from "node:net";
import { ConfigError } from "@mortise/core";

/** Where a server listens, as `net.connect` takes it. */
export interface HostAndPort {
  /** Without brackets; begins with `/` for a local socket. */
  readonly host: string;
  readonly port: number;
}

/** A host as DataJoint writes it: `name`, `name:port`, whose port wins over `port`; also `[::1]:port` and `::1`. */
export function parseHost(text: string, port: number): HostAndPort {
  if (typeof text !== "string" || text.trim() === "" || /[\s@]/.test(text)) refuse(text, "is not the name of a host");
  if (text.startsWith("/") || isIPv6(text)) return { host: text, port: checkPort(port, text) };
  const parts = /^(?:\[(?<address>[^\]]*)\]|(?<name>[^:/[\]]+))(?::(?<port>\d+))?$/.exec(text)?.groups;
  const host = parts?.["address"] ?? parts?.["name"];
  if (host === undefined || (parts?.["address"] !== undefined && !isIPv6(host))) refuse(text, "is not a host and port");
  const own = parts?.["port"];
  return { host, port: checkPort(own === undefined ? port : Number(own), text) };
}

/** Whether what is sent there stays on this machine. */
export function isLoopback(host: string): boolean {
  return (
    host.startsWith("/") ||
    host === "localhost" ||
    host.endsWith(".localhost") ||
    /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(host) ||
    host === "::1"
  );
}

function checkPort(port: number, host: string): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new ConfigError("database-host", `the port of ${host} must be 1 to 65535, found ${String(port)}`);
}

/** The text is not quoted as it is: people write connection URLs with passwords here. */
function refuse(text: unknown, what: string): never {
  const shown = typeof text === "string" && !/[@\s]/.test(text) ? JSON.stringify(text) : "the value";
  throw new ConfigError("database-host", `database.host: ${shown} ${what}`, {
    hint: "write a name or an address, with :port if you like; user and password have settings of their own",
  });
}
