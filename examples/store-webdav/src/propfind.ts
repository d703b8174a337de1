import type { OperationSite } from "@mortise/store-kit";
import { chunksOf, storeError } from "@mortise/store-kit";
import { SaxesParser } from "saxes";
import { drain, leadsToFolder, networkError } from "./errors.ts";
import type { Send } from "./http.ts";

/** What a server tells of an object or folder. */
export interface Resource {
  /** The decoded path of its URL, without a slash at its end. */
  readonly path: string;
  readonly folder: boolean;
  readonly size: number;
  readonly lastModified: Date;
  readonly etag?: string | undefined;
}

/** The properties that a store needs, and no others: `allprop` is several times as long. */
const request =
  '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getlastmodified/><getetag/></prop></propfind>';

/**
 * Asks for a resource (depth 0), or for it and all that is directly in it (depth 1); undefined if it is not there. The
 * answer is parsed as it comes (RFC 4918 §14.16), so that only what is kept of a large folder is in memory.
 */
export async function propfind(
  send: Send,
  site: OperationSite,
  url: string,
  depth: 0 | 1,
  signal: AbortSignal | undefined,
): Promise<readonly Resource[] | undefined> {
  const headers = { depth: String(depth), "content-type": "application/xml" };
  // Apache answers 400 for a name below an object.
  const expected = [207, 400, 404, 410, "folder"] as const;
  const response = await send(site, "PROPFIND", url, { headers, body: request, signal, expected });
  if (response.status !== 207) {
    await drain(response);
    return leadsToFolder(response, url) ? await propfind(send, site, `${url}/`, depth, signal) : undefined;
  }
  try {
    return await parse(site, response, url);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** A strong validator; a weak one (RFC 9110 §8.8.1) may stay when the object is overwritten within its clock's tick. */
export function strongEtag(etag: string | null | undefined): string | undefined {
  return etag?.startsWith('"') === true ? etag : undefined;
}

async function parse(site: OperationSite, response: Response, url: string): Promise<readonly Resource[]> {
  const resources: Resource[] = [];
  const open: string[] = [];
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const parser = new SaxesParser({ xmlns: true });
  let values: Record<string, string> = {};
  let text = "";
  const wrong = (found: string): Error =>
    storeError(site, "protocol", found, {
      hint: "is the endpoint a folder of a WebDAV server, and not behind a rewriting proxy?",
    });

  parser.on("opentag", ({ uri, local }) => {
    open.push(uri === "DAV:" ? local : "");
    text = "";
  });
  parser.on("text", (more) => (text += more));
  parser.on("closetag", () => {
    const name = open.pop() ?? "";
    const inside = open.at(-1);
    if (name === "response") {
      // A name that is only locked has neither size nor time: there is no object yet.
      if ("getlastmodified" in values || "collection" in values || "status" in values)
        resources.push(resourceOf(values));
      values = {};
    } else if (inside === "response" || inside === "prop" || inside === "resourcetype") {
      // A property that is missing comes as an empty element.
      if (name === "collection") values[name] = "";
      else if (text.trim() !== "") values[name] = text.trim();
    }
  });
  function resourceOf(found: Readonly<Record<string, string>>): Resource {
    const { href = "", status = "", getcontentlength = "none", getlastmodified = "", getetag, collection } = found;
    // A server that cuts a long listing says so in a response of its own.
    if (status !== "" && !/ 2\d\d/.test(status)) throw wrong(`the server can't tell all: ${status}`);
    const path = decodeURIComponent(new URL(href, url).pathname).replace(/\/$/, "");
    const size = Number(getcontentlength);
    const lastModified = new Date(getlastmodified);
    const folder = collection !== undefined;
    if (!folder && Number.isNaN(size + lastModified.getTime())) throw wrong(`${href} has no size or no time`);
    return { path, folder, size, lastModified, etag: strongEtag(getetag) };
  }

  const chunks = chunksOf(response.body ?? new Uint8Array())[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw networkError(site, error);
      });
      if (next.done === true) break;
      parser.write(decoder.decode(next.value, { stream: true }));
    }
    // An answer that was cut off is not well-formed, and so never looks like a shorter listing.
    parser.write(decoder.decode()).close();
    return resources;
  } catch (cause) {
    if (cause instanceof Error && "operation" in cause) throw cause;
    throw wrong(`the answer is no list of resources: ${cause instanceof Error ? cause.message : String(cause)}`);
  } finally {
    await chunks.return?.();
  }
}
