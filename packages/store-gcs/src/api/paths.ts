/** Paths and queries of the requests. Names are encoded whole: a slash inside a name is %2F. */

/** What all requests to a bucket have in common. */
export interface BucketPaths {
  /** Of an object's metadata, `?` and fixed parameters included: more follow with `&`. */
  object(name: string): string;
  /** Of an object's bytes in the XML API, which alone tells user metadata with them. */
  xmlObject(name: string): string;
  /** The listing. */
  readonly objects: string;
  /** Uploads; ends in `uploadType=`. */
  readonly upload: string;
  /** Where the path of a session in this bucket begins. */
  readonly uploads: string;
  rewrite(from: string, to: string): string;
}

/** `userProject` is billed for all requests. */
export function bucketPaths(bucket: string, userProject: string | undefined): BucketPaths {
  const name = encodeName(bucket);
  const query = userProject === undefined ? "?" : `?userProject=${encodeName(userProject)}&`;
  const objects = `/storage/v1/b/${name}/o`;
  const uploads = `/upload/storage/v1/b/${name}/o?`;
  return {
    object: (object) => `${objects}/${encodeName(object)}${query}`,
    xmlObject: (object) => `/${name}/${encodeName(object)}${userProject === undefined ? "" : query.slice(0, -1)}`,
    objects: objects + query,
    upload: `/upload/storage/v1/b/${name}/o${query}uploadType=`,
    uploads,
    rewrite: (from, to) => `${objects}/${encodeName(from)}/rewriteTo/b/${name}/o/${encodeName(to)}${query}`,
  };
}

/** Percent-encoded but for RFC 3986's unreserved characters. */
export function encodeName(name: string): string {
  const encoded = encodeURIComponent(name);
  // Most names have none of these, and a callback per match is slow.
  return /[!'()*]/.test(encoded)
    ? encoded.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    : encoded;
}
