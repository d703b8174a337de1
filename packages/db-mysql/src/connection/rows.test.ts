import driver, { type FieldPacket } from "mysql2";
import { describe, expect, it } from "vitest";
import { rowFinisher } from "./rows.ts";

const { Types } = driver;

function field(
  name: string,
  columnType: number,
  more: Partial<Pick<FieldPacket, "decimals" | "characterSet">> = {},
): FieldPacket {
  return { name, columnType, decimals: 0, flags: 0, characterSet: 63, ...more } as FieldPacket;
}

function finished(fields: readonly FieldPacket[], row: object, bigints = false): object {
  rowFinisher(fields, bigints)?.(row as Record<string, unknown>);
  return row;
}

describe("a row of the driver", () => {
  it("keeps integers that a number holds, and refuses others without bigints", () => {
    const fields = [field("id", Types.LONGLONG)];
    expect(finished(fields, { id: 7 })).toEqual({ id: 7 });
    expect(() => finished(fields, { id: "9007199254740993" })).toThrow(
      "an integer beyond 2^53 was read in column id: 9007199254740993",
    );
  });

  it("has every such column as bigint with bigints, null as null, and narrower ones as numbers", () => {
    const fields = [field("id", Types.LONGLONG), field("none", Types.LONGLONG), field("small", Types.LONG)];
    expect(finished(fields, { id: "9007199254740993", none: null, small: 7 }, true)).toEqual({
      id: 9007199254740993n,
      none: null,
      small: 7,
    });
  });

  it("has the fraction that the column declares, also where the protocol leaves zeros out", () => {
    const fields = [
      field("at", Types.DATETIME, { decimals: 3 }),
      field("exact", Types.TIMESTAMP, { decimals: 6 }),
      field("took", Types.TIME, { decimals: 2 }),
      field("whole", Types.DATETIME),
      field("unknown", Types.DATETIME, { decimals: 31 }),
    ];
    const row = {
      at: "2024-02-29 12:00:00",
      exact: "2024-02-29 12:00:00.100000",
      took: "-33:00:01.5",
      whole: "2024-02-29 12:00:00",
      unknown: "2024-02-29 12:00:00",
    };
    expect(finished(fields, row)).toEqual({
      at: "2024-02-29 12:00:00.000",
      exact: "2024-02-29 12:00:00.100000",
      took: "-33:00:01.50",
      whole: "2024-02-29 12:00:00",
      unknown: "2024-02-29 12:00:00",
    });
  });

  it("has bytes of its own where the driver gives a window into what the socket delivered", () => {
    const packet = Buffer.alloc(1000, 7);
    const fields = [
      field("small", Types.STRING),
      field("large", Types.BLOB),
      field("text", Types.VAR_STRING, { characterSet: 255 }),
    ];
    const row = finished(fields, {
      small: packet.subarray(10, 26),
      large: packet.subarray(100, 900),
      text: "é",
    }) as Record<string, Uint8Array>;
    expect(row["small"]).toEqual(new Uint8Array(16).fill(7));
    expect(row["small"]?.constructor).toBe(Uint8Array);
    expect(row["small"]?.buffer.byteLength).toBe(16);
    expect(row["large"]?.buffer).toBe(packet.buffer);
    expect(row["text"]).toBe("é");
  });

  it("takes the last of two columns of one name", () => {
    const fields = [field("a", Types.LONGLONG), field("a", Types.VAR_STRING, { characterSet: 255 })];
    expect(finished(fields, { a: "text" }, true)).toEqual({ a: "text" });
  });

  it("is left alone where nothing has to be done", () => {
    expect(rowFinisher([field("a", Types.LONG), field("b", Types.DOUBLE)], false)).toBeUndefined();
  });
});
