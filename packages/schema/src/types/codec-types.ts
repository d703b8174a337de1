import type { Bytes, Codec, CodecTypes, HashInput } from "@mortise/core";
import type { Column, Role } from "./column.ts";
import type { CodecValues, UnknownValues, ValueTypes } from "./value-types.ts";

/** Marks a set of codecs as complete: a definition that uses another one is a type error. */
export interface ClosedCodecs {
  readonly "~closed": true;
}

/** What the core brings along whatever the list of plugins says. */
interface BuiltInCodecs {
  readonly hash: { readonly in: HashInput; readonly out: Bytes };
}

/** Plugins that are no codecs drop out. */
type NamedCodec<P> =
  P extends Codec<infer Name, infer In, infer Out, infer _Stored, infer _Accepted>
    ? { readonly name: Name; readonly in: In; readonly out: Out }
    : never;

/** Codecs by the name that stands in the angle brackets. */
type FromPlugins<P> = {
  [C in NamedCodec<P> as C["name"]]: { readonly in: C["in"]; readonly out: C["out"] };
};

/** The codecs of a project: those of its plugins, or with no list whatever `/register` modules have added to `CodecTypes`. */
export type CodecsOf<P> = P extends readonly unknown[]
  ? FromPlugins<P[number]> & BuiltInCodecs & ClosedCodecs
  : CodecTypes & BuiltInCodecs;

/** A codec column in generated types; `Null` is what it may be besides. `unknown` where `Codecs` has no such codec. */
export type CodecHeading<Name extends string, Codecs, R extends Role, Null = never> =
  CodecColumn<Name, Codecs> extends infer V extends ValueTypes
    ? Column<V["fetch"] | Null, V["insert"] | Null, R>
    : Column<unknown, unknown, R>;

/** The values of `<name>`: a message where the set is closed and lacks it. */
export type CodecColumn<Name extends string, Codecs> = Name extends keyof Codecs
  ? Codecs[Name] extends { readonly in: infer In; readonly out: infer Out }
    ? CodecValues<Out, In>
    : `<${Name}> has no types: expected { in: …; out: … }`
  : Codecs extends ClosedCodecs
    ? `unknown codec <${Name}>: add its codec to \`plugins\``
    : UnknownValues;
