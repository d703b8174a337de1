import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { GcsApi } from "../api/api.ts";
import { unreadableAnswer } from "../errors.ts";

/**
 * The id of an upload: path and query of its session URI. Whoever has it may write the object for a week, so that it never
 * stands in a message. The host is left out: requests go to the configured one only, whatever the server names.
 */
export function sessionOf(api: GcsApi, site: OperationSite, location: string | undefined): string {
  if (location === undefined || !URL.canParse(location, api.origin)) {
    throw unreadableAnswer(site, "the server began an upload without saying where it goes on");
  }
  const { pathname, search } = new URL(location, api.origin);
  return checkSession(api, site, pathname + search);
}

/** Throws `not-found` for what is no session of this bucket: an id may come from a file. */
export function checkSession(api: GcsApi, site: OperationSite, id: string): string {
  const begins = id.startsWith(api.paths.uploads);
  if (begins && /^[\x21-\x7e]+$/.test(id) && /[?&]upload_id=[^&#]+/.test(id)) return id;
  throw storeError(site, "not-found", "the id is not one of an upload to this bucket", {
    hint: "pass the id that starting the upload gave, to a store with the same bucket",
  });
}
