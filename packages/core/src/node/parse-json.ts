import { ConfigError } from "../errors.ts";

/** What a configuration file says, and whether it holds comments, for which Python would ignore it. */
export interface ParsedJson {
  readonly value: unknown;
  readonly comments: boolean;
}

const literal = /"(?:[^"\\\n]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Reads JSON that may hold comments. Its own parser, because engines differ in whether a syntax error says where it is,
 * and because `JSON.parse` takes the last of two equal keys without a word.
 * Throws `ConfigError` `malformed-file` with line and column.
 */
export function parseJson(text: string, name: string): ParsedJson {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let comments = false;

  function fail(what: string, position = at): never {
    const before = text.slice(0, position).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new ConfigError("malformed-file", `${name}:${before.length}:${column}: ${what}`, {
      hint: "the file must be JSON; nothing of it was used",
    });
  }

  function skip(): void {
    const blank = /(?:[ \t\r\n]+|\/\/[^\n]*|\/\*[^]*?\*\/)/y;
    for (blank.lastIndex = at; ; ) {
      const found = blank.exec(text)?.[0];
      if (found === undefined) return;
      comments ||= found.startsWith("/");
      at = blank.lastIndex;
    }
  }

  function take(character: string): boolean {
    skip();
    if (text[at] !== character) return false;
    at++;
    return true;
  }

  function found(): string {
    return at < text.length ? `found ${JSON.stringify(text[at])}` : "the file ends";
  }

  function scalar(): unknown {
    literal.lastIndex = at;
    const token = literal.exec(text)?.[0];
    if (token === undefined) fail(`expected a value, ${found()}`);
    try {
      return JSON.parse(token);
    } catch {
      return fail("control characters and unknown escapes can't stand in text");
    } finally {
      at += token.length;
    }
  }

  function members(): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    if (take("}")) return {};
    do {
      skip();
      const start = at;
      if (text[at] !== '"') fail(`expected a name in double quotes, ${found()}`);
      const key = String(scalar());
      if (entries.has(key)) fail(`the name ${JSON.stringify(key)} stands here for the second time`, start);
      if (!take(":")) fail(`expected ":", ${found()}`);
      entries.set(key, value());
    } while (take(","));
    if (!take("}")) fail(`expected "," or "}", ${found()}`);
    // fromEntries defines own properties, so the name "__proto__" is only a name.
    return Object.fromEntries(entries);
  }

  function items(): readonly unknown[] {
    const list: unknown[] = [];
    if (take("]")) return list;
    do list.push(value());
    while (take(","));
    if (!take("]")) fail(`expected "," or "]", ${found()}`);
    return list;
  }

  function value(): unknown {
    skip();
    if (take("{")) return members();
    if (take("[")) return items();
    return scalar();
  }

  const result = value();
  skip();
  if (at < text.length) fail(`expected the end of the file, ${found()}`);
  return { value: result, comments };
}
