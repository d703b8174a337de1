import type { ConfigSource } from "../contract.ts";
import { parseJson } from "../json.ts";
import { nameOf, type Report, shown } from "../report.ts";
import type { Layer } from "./layer.ts";
import { isRecord, recordLayers } from "./record.ts";

/** The text of a configuration file and the path that messages name. */
export interface FileText {
  readonly path: string;
  readonly text: string;
}

/** The layers of `datajoint.json`. Throws `malformed-file`; everything else goes to the report. */
export function fileLayers(file: FileText, report: Report, extra: ReadonlySet<string>): readonly Layer[] {
  const source: ConfigSource = { kind: "file", name: file.path };
  const { value, comments } = parseJson(file.text, file.path);
  if (comments) report.warnings.push(`${file.path}: has comments; DataJoint for Python ignores such a file as a whole`);
  if (isRecord(value)) return recordLayers(value, { source, report, extra });
  report.problems.push({ key: "", source: nameOf(source), message: `must be a JSON object, found ${shown(value)}` });
  return [];
}
