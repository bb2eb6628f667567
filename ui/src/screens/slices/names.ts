/** A short name for a condition: its words, as names of tags may be. */
export function suggestedName(where: string): string {
  const words = where
    .replace(/\bAND\b|\bBETWEEN\b/g, " ")
    .replace(/[^\p{L}\p{N}.<>]+/gu, "-")
    .replaceAll("<=", "to")
    .replace(/[<>]/g, "")
    .replace(/-+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .toLowerCase();
  return words.slice(0, 40).replace(/-$/, "");
}
