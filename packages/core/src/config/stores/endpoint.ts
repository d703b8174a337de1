import { WrongValue } from "../coerce.ts";

// Cloud machines hand out their credentials at these addresses: a configured endpoint must not reach them.
const linkLocal = /^(?:169\.254\.|\[fe[89ab][0-9a-f]:|\[::ffff:a9fe:)/i;

/**
 * The origin of an endpoint, `https://host[:port]`: `endpoint` is `host[:port]`, with the scheme that `secure` says,
 * or an http(s) URL, whose scheme wins. Throws an error that says what is wrong, without showing credentials.
 */
export function endpointUrl(endpoint: string, secure = true): string {
  const text = endpoint.includes("://") ? endpoint : `${secure ? "https" : "http"}://${endpoint}`;
  if (!URL.canParse(text)) throw new WrongValue("must be host[:port] or an http(s) URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") throw new WrongValue("must not hold credentials");
  if (!/^https?:$/.test(url.protocol)) throw new WrongValue(`must be http or https, found ${url.protocol}//`);
  if (url.pathname !== "/" || /[?#]/.test(text)) {
    throw new WrongValue("must not hold a path or query; the bucket and location have keys of their own");
  }
  if (linkLocal.test(url.hostname)) throw new WrongValue(`must not be a link-local address, found ${url.hostname}`);
  return url.origin;
}
