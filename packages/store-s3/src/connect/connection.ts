import type { Logger } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import type { HttpTransport } from "@mortise/store-kit/cloud";
import type { Signer } from "../sign/signer.ts";
import { createSigner } from "../sign/signer.ts";
import type { Clock } from "../sign/stamp.ts";
import { createClock } from "../sign/stamp.ts";
import type { Identity } from "./identity.ts";
import { inTime } from "./in-time.ts";
import type { Address, Server } from "./server.ts";
import { addressOf, regionalEndpoint } from "./server.ts";

/** What is known once the region is: where requests go, and how they are signed. */
export interface Connection {
  readonly region: string;
  readonly endpoint: string;
  readonly address: Address;
  readonly sign: Signer;
}

/** One bucket of one server, before anything was asked of it. */
export interface Target {
  readonly bucket: string;
  readonly server: Server;
  readonly pathStyle: boolean;
  readonly identity: Identity;
  readonly transport: HttpTransport;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The connection at hand; undefined where `connect` must be awaited. */
  connection(): Connection | undefined;
  connect(site: OperationSite): Promise<Connection>;
  /** A custom server named its region in a refusal. False if the region was configured. */
  adopt(region: string): boolean;
}

/** What a target is made of. */
export interface TargetOptions extends Pick<Target, "bucket" | "server" | "pathStyle" | "identity" | "transport"> {
  readonly logger: Logger;
  /** As configured; undefined where it is to be found out. */
  readonly region: string | undefined;
  /** Finds the region out, with requests or files. */
  findRegion(site: OperationSite, signal: AbortSignal): Promise<string>;
}

/** A target that connects at its first use: opening a store needs no permission and no network. */
export function createTarget(options: TargetOptions): Target {
  const { bucket, server, pathStyle } = options;
  let connection: Connection | undefined;
  let pending: Promise<Connection> | undefined;

  function settle(region: string): Connection {
    const endpoint = regionalEndpoint(server, region);
    connection = { region, endpoint, address: addressOf(endpoint, bucket, pathStyle), sign: createSigner(region) };
    return connection;
  }
  async function find(site: OperationSite): Promise<Connection> {
    try {
      return settle(options.region ?? (await inTime(site, "the region", (signal) => options.findRegion(site, signal))));
    } finally {
      pending = undefined;
    }
  }

  return {
    ...options,
    clock: createClock(),
    connection: () => connection,
    async connect(site) {
      if (connection !== undefined) return connection;
      pending ??= find(site);
      return await pending;
    },
    adopt(region) {
      if (options.region !== undefined || server.aws !== undefined) return false;
      if (connection?.region !== region) settle(region);
      return true;
    },
  };
}
