/** Steps of inserting, removing or replacing a character that lead from `a` to `b`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The candidate that `word` is most likely a misspelling of; undefined where none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // A third of the word may be wrong: more, and the suggestion is a guess that misleads.
  let limit = Math.min(word.length, Math.ceil(word.length / 3) + 1);
  for (const candidate of candidates) {
    const steps = distance(word.toLowerCase(), candidate.toLowerCase());
    if (steps < limit) {
      best = candidate;
      limit = steps;
    }
  }
  return best;
}

/** A hint for an unknown word: `did you mean "location"?`, else the list of what is allowed. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const all = [...candidates];
  const near = nearest(word, all);
  return near === undefined ? `allowed: ${all.join(", ")}` : `did you mean "${near}"?`;
}
