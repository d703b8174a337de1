import type { ConfigKey } from "@mortise/core";
import type { ServerOptions } from "@mortise/sql";
import { serverKeys } from "@mortise/sql";

/** What `openMysql` takes. The server has no separate databases to choose from: each schema is one. */
export type MysqlOptions = Omit<ServerOptions, "name">;

/** Keys of the `database` configuration beside DataJoint's, in our own block. */
export const configKeys: readonly ConfigKey[] = serverKeys;
