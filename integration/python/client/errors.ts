/** An exception of Python. */
export class PythonError extends Error {
  override readonly name = "PythonError";
  /** Name of its class. */
  readonly type: string;
  /** Names of its class and all that it derives from. */
  readonly bases: readonly string[];

  constructor(type: string, bases: readonly string[], message: string, output: string) {
    super(`${type}: ${message}`, { cause: output });
    this.type = type;
    this.bases = bases;
  }
}
