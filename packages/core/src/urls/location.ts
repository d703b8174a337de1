import { resolvePath } from "./paths.ts";
import { isUrl, toPath } from "./url.ts";

/** A prefix inside a bucket or container: no slash at either end, none doubled. */
export function normalizePrefix(prefix: string): string {
  return prefix
    .split("/")
    .filter((part) => part !== "")
    .join("/");
}

/** The absolute folder of a file store; relative ones are below `base`. Accepts `file:` URLs. */
export function normalizeFolder(location: string, base: string): string {
  return isUrl(location) ? toPath(location) : resolvePath(location, base);
}
