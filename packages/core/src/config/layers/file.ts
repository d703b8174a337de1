import type { ConfigSource } from "../contract.ts";
import { kindOf, nameOf, type Report } from "../report.ts";
import type { Layer } from "./layer.ts";
import { isRecord, recordLayers } from "./record.ts";

/** What a configuration file says, and the path that messages name. */
export interface FileContent {
  readonly path: string;
  /** The parsed JSON. */
  readonly content: unknown;
}

/** The layers of `datajoint.json`; what is wrong goes to the report. */
export function fileLayers(file: FileContent, report: Report, extra: ReadonlySet<string>): readonly Layer[] {
  const source: ConfigSource = { kind: "file", name: file.path };
  if (isRecord(file.content)) return recordLayers(file.content, { source, report, extra });
  const message = `must be a JSON object, found ${kindOf(file.content)}`;
  report.problems.push({ key: "the file", source: nameOf(source), message });
  return [];
}
