/** Ten columns, one of each kind of scalar. */
export const columns = `
  id       : int32
  ---
  trial    : int64
  channel  : int16
  good     : bool
  depth    : float64
  gain     : float32
  cost     : decimal(10,3)
  name     : varchar(40)
  day      : date
  at       : datetime(3)
` as const;

/** A row as Mortise takes and gives it; a driver binds the same values. */
export interface ScalarRow {
  readonly id: number;
  readonly trial: bigint;
  readonly channel: number;
  readonly good: boolean;
  readonly depth: number;
  readonly gain: number;
  readonly cost: string;
  readonly name: string;
  readonly day: string;
  readonly at: string;
}

const two = (value: number): string => String(value).padStart(2, "0");

export function scalarRow(index: number): ScalarRow {
  const day = `2026-${two(1 + (index % 12))}-${two(1 + (index % 28))}`;
  return {
    id: index,
    trial: 1_000_000_007n * BigInt(index),
    channel: index % 384,
    good: index % 3 === 0,
    depth: index / 7,
    gain: Math.fround(index / 3),
    cost: `${index}.125`,
    name: `subject ${index % 1000}, session ${index}`,
    day,
    at: `${day}T${two(index % 24)}:${two(index % 60)}:00.125`,
  };
}
