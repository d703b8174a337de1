/**
 * The moment as Python's ISO parser wants it: six fraction digits and `+00:00`. Python 3.10 accepts only 0, 3 or 6
 * digits, and no `Z`.
 */
export function formatTimestamp(moment: Date): string {
  return moment.toISOString().replace(/\.(\d{3})Z$/, ".$1000+00:00");
}

const isoTimestamp = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Reads what any writer may have left: `Z`, an offset, or no zone at all, which means UTC. null where it is no time. */
export function parseTimestamp(text: unknown): Date | null {
  if (typeof text !== "string" || !isoTimestamp.test(text)) return null;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
  const moment = new Date(zoned.replace(" ", "T"));
  return Number.isNaN(moment.getTime()) ? null : moment;
}
