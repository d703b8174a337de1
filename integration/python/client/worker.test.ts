import { tmpdir } from "node:os";
import { describe, expect, inject, it } from "vitest";
import { PythonError } from "./errors.ts";
import { type PythonValue, py } from "./values.ts";
import { startPython } from "./worker.ts";

const { reason, interpreter } = inject("twoLanguages");

// Not run only where the machine lacks something; the report lists it, and fails with CI=true.
describe.skipIf(reason !== undefined)(`the Python worker${reason === undefined ? "" : ` (${reason})`}`, () => {
  it("gives back every kind of value as it was sent", async () => {
    await using python = startPython(interpreter, tmpdir());
    const values: readonly PythonValue[] = [
      [null, true, -7, "ünï 🐭", [], {}, { a: [1, { b: null }] }],
      [py.int(2n ** 70n), py.float("1.0"), py.float("nan"), py.float("-inf"), py.complex("(1+2j)")],
      [py.bytes(Uint8Array.of(0, 255)), py.decimal("1.50"), py.uuid("12345678-1234-5678-1234-567812345678")],
      [py.date("2024-02-29"), py.datetime("2024-02-29T01:02:03.000004"), py.time("01:02:03")],
      [py.tuple(1, py.tuple()), py.set(1, 2), py.dict([1, "a"], [py.tuple(1, 2), "b"])],
      [py.array(Float32Array.of(1.5, -0)), py.array(Int16Array.of(1, 2, 3, 4), [2, 2]), py.array(new Uint8Array(0))],
      [py.records([["id", "<i2"]], Uint8Array.of(1, 0, 2, 0), [2])],
    ];
    for (const value of values) expect(await python.run("value", { value })).toEqual(value);
    expect((await python.fails("object()")).type).toBe("TypeError");
  });

  it("keeps what was defined, and gives the value of the last expression", async () => {
    await using python = startPython(interpreter, tmpdir());
    expect(await python.run("a = 1\ndef double(n):\n    return 2 * n")).toBe(null);
    expect(await python.run("print('not an answer'); double(a)")).toBe(2);
    const error = await python.fails("dj.config['no such setting']");
    expect(error).toBeInstanceOf(PythonError);
    expect(error.bases).toEqual(["KeyError", "LookupError", "Exception"]);
    expect(await python.run("a")).toBe(1);
  });

  it("says what Python printed when it ends, and refuses what comes after", async () => {
    await using python = startPython(interpreter, tmpdir());
    const dying = python.run("import sys; print('last words', file=sys.stderr); os._exit(3)");
    await expect(dying).rejects.toThrow(/ended with 3.*last words/s);
    await expect(python.run("1")).rejects.toThrow(/ended with 3/);
  });

  it("ends a worker that does not answer in time", async () => {
    await using python = startPython(interpreter, tmpdir());
    await python.run("import time");
    const hanging = python.run("time.sleep(3600)", {}, { timeoutMs: 100 });
    await expect(hanging).rejects.toThrow(/did not answer within 100 ms.*sleep/s);
  });

  it("says so when there is no such interpreter", async () => {
    await using python = startPython("/no/such/python", tmpdir());
    await expect(python.run("1")).rejects.toThrow(/could not be started/);
  });
});
