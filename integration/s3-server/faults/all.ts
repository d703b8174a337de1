// Every lie and failure that the hostile server knows, by name.
import * as answers from "./answers.ts";
import * as bodies from "./bodies.ts";
import * as conditions from "./conditions.ts";
import * as connections from "./connections.ts";
import type { Fault } from "./fault.ts";
import * as listings from "./listings.ts";
import * as refusals from "./refusals.ts";

export const allFaults: readonly Fault[] = [conditions, answers, bodies, connections, listings, refusals].flatMap(
  (group) => Object.values(group),
);
