import type { Config, Logger, Registry } from "@mortise/core";
import type { Database } from "@mortise/sql";
import type { DefinedBinding } from "../declare/index.ts";
import type { ProtocolTimes } from "../objects/environment.ts";
import type { Settle } from "../objects/settle.ts";
import type { WriteEnvironment } from "../rows/operation.ts";
import type { CurrentTransaction } from "../transaction/current.ts";
import type { ProjectStores } from "./stores.ts";

/** What the parts of an open project share, and users never see. */
export interface ProjectInternals {
  readonly config: Config;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly stores: ProjectStores;
  readonly current: CurrentTransaction;
  /** Opens the database at the first call. */
  database(): Promise<Database>;
  /** What writing needs; opens the database. */
  writes(): Promise<WriteEnvironment>;
  /** Tables defined in this project, by `schema.table`: a drop tells them that they are gone. */
  readonly defined: Map<string, Set<DefinedBinding>>;
}

/** Parts of the protocol that tests exchange; not reachable through the package's entry. */
export interface ProtocolOverrides {
  readonly times?: Partial<ProtocolTimes> | undefined;
  readonly settle?: Settle | undefined;
}
