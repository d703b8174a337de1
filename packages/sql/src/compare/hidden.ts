/** Hidden columns are the framework's: no heading, fetch, restriction or insert names them. */
export function isHidden(name: string): boolean {
  return name.startsWith("_");
}
