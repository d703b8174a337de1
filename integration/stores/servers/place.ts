/** A bucket or container of a running server, in the words of a lab's configuration. */
export interface Place {
  /** Keys that stand in `datajoint.json` for DataJoint for Python too; the location is the user's choice. */
  readonly shared: Readonly<Record<string, string | boolean>> & { readonly protocol: string };
  /** Keys of the `mortise` block. */
  readonly ours: Readonly<Record<string, string | boolean>>;
  /** Keys whose values are files in `.secrets/`. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A server that runs until it is disposed. */
export interface StoreServer extends AsyncDisposable {
  /** A bucket or container that was not there before. */
  createPlace(): Promise<Place>;
}

/** Three to 63 lower-case letters, digits and hyphens: what every provider takes. */
export function newBucketName(): string {
  return `lab-${crypto.randomUUID()}`;
}
