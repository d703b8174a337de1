import { compress } from "./compression/container.ts";
import { choose, compressions, mappings, type PackOptions, parseLimits } from "./options.ts";
import { writeValue } from "./write/value.ts";
import { Writer } from "./write/writer.ts";

/**
 * The bytes of a blob. Throws a `ValueError` whose message begins with the place inside the value (`value.a[3]: …`) for
 * whatever the format can't hold, or Python could not read back.
 */
export function pack(value: unknown, options: PackOptions = {}): Uint8Array {
  const compression = choose("compression", options.compression, compressions);
  return compress(writePayload(value, options), compression);
}

/** The blob before compression. */
export function writePayload(value: unknown, options: PackOptions): Uint8Array<ArrayBuffer> {
  const writer = new Writer(
    {
      mapping: choose("mapping", options.mapping, mappings),
      dates: choose("dates", options.dates, ["refuse", "utc", "local"]),
      sortSets: options.sortSets ?? false,
      nestedSets: options.nestedSets ?? false,
      sparse: options.sparse ?? false,
      limits: parseLimits(options.limits),
    },
    writeValue,
  );
  writeValue(writer, value);
  return writer.finish();
}
