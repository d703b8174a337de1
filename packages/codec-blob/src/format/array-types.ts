/** MATLAB's number for characters of 16 bits. */
export const charType = 4;

/** MATLAB's "void"; only Python writes it, for arrays of anything. */
export const objectType = 5;

/** MATLAB's numbers for numeric classes, by NumPy's names; complex numbers have the type of one part and a flag. */
const numbers: Readonly<Record<number, string>> = {
  3: "bool",
  6: "float64",
  7: "float32",
  8: "int8",
  9: "uint8",
  10: "int16",
  11: "uint16",
  12: "int32",
  13: "uint32",
  14: "int64",
  15: "uint64",
};

/** DataJoint's own numbers, far from those that MATLAB may still give out; one per unit, from years to attoseconds. */
const firstDateType = 65536;
const units = "Y M W D h m s ms us ns ps fs as".split(" ");

const types = new Map<string, number>([
  ...Object.entries(numbers).map(([type, name]) => [name, Number(type)] as const),
  ...units.map((unit, i) => [`datetime64[${unit}]`, firstDateType + i] as const),
]);

const dtypes = new Map([...types].map(([name, type]) => [type, name]));

/** The dtype of a numeric, boolean or date type; undefined for characters, objects, and types that nobody writes. */
export function dtypeOfType(type: number): string | undefined {
  return dtypes.get(type);
}

/** The type of a dtype without byte order and complex form; undefined where the format has none. */
export function typeOfDType(dtype: string): number | undefined {
  return types.get(dtype);
}

/** The dtype of whole items: `complex128` for pairs of `float64`; MATLAB's pairs of integers have no name of their own. */
export function complexDType(part: string): string {
  return part === "float64" ? "complex128" : part === "float32" ? "complex64" : part;
}
