import type { ForeignKeyLine } from "./ast.ts";
import { expectEnd, lineProblem } from "./problems.ts";
import { closingParenthesis, skipSpace } from "./scan.ts";
import { positionIn, type SourceLine } from "./source-line.ts";

/** Class names, and `master`; dots lead to parts. Expressions of Python are not evaluated, whatever they would give. */
const identifier = String.raw`[A-Za-z_][A-Za-z0-9_]*`;
const referencePattern = new RegExp(`^${identifier}(?:\\.${identifier})*`);
/** `new='old'`, in either kind of quotes. */
const renamePattern = /^\s*(?<to>[a-z][a-z0-9_]*)\s*=\s*(?<quote>['"])(?<from>[a-z][a-z0-9_]*)\k<quote>\s*$/;

/** Whether a line is a foreign key: it has an arrow, and no quote or comment before it. */
export function isForeignKeyLine(text: string): boolean {
  return /^[^"'#]*?->/.test(text);
}

/**
 * Reads `-> [options] Reference[.proj(new='old', …)] [# comment]`. Nothing is looked up or evaluated: whether the
 * reference was passed is checked when the table is defined, whether the names fit its key when it is declared.
 *
 * @throws DefinitionError `syntax`, or `invalid-key` for a nullable one in the key
 */
export function parseForeignKeyLine(line: SourceLine, inKey: boolean): ForeignKeyLine {
  const { text } = line;
  if (!text.startsWith("->")) {
    throw lineProblem(line, 0, "syntax", `found '${text.slice(0, text.indexOf("->")).trim()}' before '->'`, {
      hint: "a foreign key stands on a line of its own: -> Table",
    });
  }
  const optionsStart = skipSpace(text, 2);
  const options = readOptions(line, optionsStart, inKey);
  const referenceStart = skipSpace(text, options.end);
  const { reference, renames, end } = readReference(line, referenceStart);
  expectEnd(line, end, `'${reference}'`, "only a table, or .proj(new='old') of one, can be a parent");
  return {
    kind: "foreign-key",
    position: positionIn(line, 0),
    inKey,
    nullable: options.nullable,
    unique: options.unique,
    reference,
    renames,
  };
}

interface Options {
  readonly nullable: boolean;
  readonly unique: boolean;
  /** Offset behind the closing bracket. */
  readonly end: number;
}

/**
 * `[nullable]`, `[unique]` or both, in any letter case. A nullable foreign key can't be part of the key; an attribute
 * that is there already keeps its own nullability.
 */
function readOptions(line: SourceLine, start: number, inKey: boolean): Options {
  if (line.text.charAt(start) !== "[") return { nullable: false, unique: false, end: start };
  const close = line.text.indexOf("]", start);
  if (close === -1) throw lineProblem(line, start, "syntax", "the options after '->' have no closing ']'");
  const options = line.text
    .slice(start + 1, close)
    .split(",")
    .map((option) => option.trim().toLowerCase());
  const unknown = options.find((option) => option !== "nullable" && option !== "unique");
  if (unknown !== undefined) {
    throw lineProblem(line, start, "syntax", `unknown option '${unknown}' of a foreign key`, {
      hint: "allowed: [nullable], [unique], [nullable, unique]",
    });
  }
  const nullable = options.includes("nullable");
  if (nullable && inKey) {
    throw lineProblem(line, start, "invalid-key", "a foreign key in the primary key can't be nullable", {
      hint: "move the line below '---', or leave the option out",
    });
  }
  return { nullable, unique: options.includes("unique"), end: close + 1 };
}

/** What follows the options. */
interface Reference {
  readonly reference: string;
  /** New name → name in the parent. */
  readonly renames: Readonly<Record<string, string>>;
  /** Offset behind it. */
  readonly end: number;
}

/**
 * The parent, and its renamed attributes. Only a whole table can be a parent: a restriction or join has no key that a
 * constraint could refer to.
 */
function readReference(line: SourceLine, start: number): Reference {
  const name = referencePattern.exec(line.text.slice(start))?.[0];
  if (name === undefined) {
    const found = line.text.slice(start);
    throw lineProblem(
      line,
      start,
      "syntax",
      found === "" ? "the table after '->' is missing" : `'${found}' is no table`,
      {
        hint: "write -> Table, -> Master.Part or -> master",
      },
    );
  }
  const open = start + name.length;
  if (line.text.charAt(open) !== "(") return { reference: name, renames: {}, end: open };
  const close = closingParenthesis(line.text, open);
  if (!name.endsWith(".proj") || close === -1) {
    const what = close === -1 ? "the parenthesis is not closed" : `'${name}' can't be called here`;
    throw lineProblem(line, open, "syntax", what, { hint: "only .proj(new='old') can follow a table" });
  }
  const list = line.text.slice(open + 1, close);
  return { reference: name.slice(0, -".proj".length), renames: readRenames(line, open + 1, list), end: close + 1 };
}

/** The list inside `.proj(…)`. A bare name would select an attribute, which means nothing for a foreign key. */
function readRenames(line: SourceLine, start: number, list: string): Readonly<Record<string, string>> {
  const renames: Record<string, string> = {};
  if (list.trim() === "") return renames;
  let offset = start;
  for (const part of list.split(",")) {
    const match = renamePattern.exec(part)?.groups;
    const to = match?.["to"];
    const from = match?.["from"];
    if (to === undefined || from === undefined) {
      throw lineProblem(line, offset, "syntax", `can't read '${part.trim()}' in .proj(…)`, {
        hint: "write new='old', with names of attributes",
      });
    }
    if (Object.hasOwn(renames, to)) throw lineProblem(line, offset, "syntax", `.proj(…) names '${to}' twice`);
    renames[to] = from;
    offset += part.length + 1;
  }
  return renames;
}
