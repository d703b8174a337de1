import { type Bytes, CodecError } from "@mortise/core";

/** A file's name and content, as they were inserted. */
export interface Attachment {
  /** The last component of the recorded name: it never leads out of a folder. */
  readonly name: string;
  readonly content: Bytes;
}

/** The base name in UTF-8 and one zero byte, before the content. */
function payloadHeader(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  const header = new Uint8Array(bytes.byteLength + 1);
  header.set(bytes);
  return header;
}

/** The whole payload as it is read: nothing is buffered. */
export async function* payloadOf(name: string, content: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void, undefined> {
  yield payloadHeader(name);
  yield* content;
}

function corrupt(reason: string): CodecError {
  return new CodecError("corrupt", `corrupted attachment: ${reason}`, {
    hint: "the column holds something that the <attach> codec did not write",
  });
}

/**
 * Splits at the first zero byte. Only the last component of the name is used, with `/` and `\` as separators, because a
 * name with a folder in it would write outside of where attachments belong. Throws `CodecError` `corrupt`.
 */
export function parsePayload(payload: Bytes): Attachment {
  const end = payload.indexOf(0);
  if (end < 0) throw corrupt("no zero byte ends the file name");
  let recorded: string;
  try {
    recorded = new TextDecoder("utf-8", { fatal: true }).decode(payload.subarray(0, end));
  } catch {
    throw corrupt("the file name is not UTF-8");
  }
  const name = recorded.split(/[/\\]/).at(-1) ?? "";
  if (name === "" || name === "." || name === "..") throw corrupt(`the file name is ${JSON.stringify(recorded)}`);
  return { name, content: payload.subarray(end + 1) };
}

/** For columns that hold the payload itself. */
export async function collect(source: AsyncIterable<Bytes>): Promise<Bytes> {
  return Buffer.concat(await Array.fromAsync(source));
}
