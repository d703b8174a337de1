import type { ByteRange } from "@mortise/core";

/** One request that answers several ranges. */
export interface RangeGroup {
  readonly request: ByteRange;
  /** The ranges in it, each with its index in what was asked. */
  readonly members: readonly { readonly index: number; readonly range: ByteRange }[];
}

export interface CoalesceOptions {
  /** Bytes between two ranges that are cheaper to read than another request. */
  readonly maxGap: number;
  /** Bytes of one request; a single longer range stays whole. */
  readonly maxRequest: number;
}

interface Span {
  readonly index: number;
  readonly offset: number;
  readonly length: number;
}

/** Groups ranges that lie near each other; those whose end is not known (open or suffix) stay alone. */
export function coalesce(ranges: readonly ByteRange[], options: CoalesceOptions): readonly RangeGroup[] {
  const groups: RangeGroup[] = [];
  const spans: Span[] = [];
  for (const [index, range] of ranges.entries()) {
    if ("suffix" in range || range.length === undefined) groups.push({ request: range, members: [{ index, range }] });
    else spans.push({ index, offset: range.offset, length: range.length });
  }
  spans.sort((left, right) => left.offset - right.offset);
  let open: Span[] = [];
  let start = 0;
  let end = 0;
  const flush = (): void => {
    if (open.length === 0) return;
    groups.push({
      request: { offset: start, length: end - start },
      members: open.map(({ index, offset, length }) => ({ index, range: { offset, length } })),
    });
    open = [];
  };
  for (const span of spans) {
    const reach = Math.max(end, span.offset + span.length);
    if (open.length === 0 || span.offset - end > options.maxGap || reach - start > options.maxRequest) {
      flush();
      start = span.offset;
      end = span.offset + span.length;
    } else end = reach;
    open.push(span);
  }
  flush();
  return groups;
}
