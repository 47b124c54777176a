/** What the ids of visitors begin with in the store: a control character, which no customer's id has. Outcome ids and
 *  events' keys have marks of their own (take-in-event.ts). */
const mark = '\u0002';

/** The id that a visitor is held under. */
export function visitorKey(visitorId: string): string {
  return mark + visitorId;
}

export function isVisitorKey(id: string): boolean {
  return id.startsWith(mark);
}

/** The visitor's own id of a key; for a customer's id, that. */
export function visitorIdOf(key: string): string {
  return isVisitorKey(key) ? key.slice(mark.length) : key;
}
