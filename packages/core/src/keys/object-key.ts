declare const keyBrand: unique symbol;

/**
 * A store-relative key: UTF-8, `/`-separated, no empty, `.` or `..` segment, no NUL, control character,
 * backslash, lone surrogate, U+FFFE or U+FFFF. Made by `parseKey` only, so a store never sees another string.
 */
export type ObjectKey = string & { readonly [keyBrand]: true };
