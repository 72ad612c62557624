/** Finding and ordering things that are all here already. */

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/**
 * What a thing is ordered by; what has no value comes last in either order.
 *
 * @typedef {string | number | null | undefined} SortValue
 */

/**
 * @param {string} text
 * @returns {string} without case and accents, so that nobody has to type them
 */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Those in which each word of a query stands somewhere.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {string} query
 * @param {(item: T) => readonly (string | null)[]} texts what of a thing is searched
 * @returns {readonly T[]} in the same order
 */
export function search(items, query, texts) {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return items;
  return items.filter((item) => {
    const folded = texts(item).map((text) => fold(text ?? ""));
    return wanted.every((word) => folded.some((text) => text.includes(word)));
  });
}

/**
 * The same things in order; those of the same value stay as they were.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => SortValue} read
 * @param {boolean} descending
 * @returns {T[]}
 */
export function arrange(items, read, descending) {
  const sign = descending ? -1 : 1;
  return items
    .map((item) => ({ item, value: read(item) ?? null }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return sign * compare(a.value, b.value);
    })
    .map(({ item }) => item);
}

/**
 * @param {string | number} a
 * @param {string | number} b
 * @returns {number}
 */
function compare(a, b) {
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}
