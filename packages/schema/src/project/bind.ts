import type { TableBinding } from "../context.ts";
import { bindingOf } from "../declare/index.ts";
import { mapBindings } from "../query/bindings.ts";
import { isQuery, queryNode } from "../query/handle.ts";
import { createQuery } from "../query/selection.ts";
import type { CurrentTransaction, Frame } from "../transaction/current.ts";
import { createContext } from "./context.ts";
import type { ProjectInternals } from "./internals.ts";
import { createTable } from "./table.ts";

/** The same table or query, but always in the transaction of `frame`, wherever it is used: `transaction.use`. */
export function bindToFrame<T>(internals: ProjectInternals, relation: T, frame: Frame): T {
  if (!isQuery(relation)) throw new TypeError("transaction.use takes a table or a query");
  const current: CurrentTransaction = {
    get: () => frame,
    run: (inner, work) => internals.current.run(inner, work),
  };
  const project = createContext(internals, current);
  const bind = (binding: TableBinding): TableBinding => ({
    ...binding,
    project,
    // In the transaction's context an undeclared table is refused at once instead of waiting for its lock.
    heading: () => internals.current.run(frame, () => binding.heading()),
    spec: () => internals.current.run(frame, () => binding.spec()),
  });
  const table = bindingOf(relation);
  if (table === undefined || !("insert" in relation)) {
    return createQuery(mapBindings(relation[queryNode], bind)) as unknown as T;
  }
  const writes = async () => ({ ...(await internals.writes()), current });
  return createTable({ internals, writes }, bind(table)) as unknown as T;
}
