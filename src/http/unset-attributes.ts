/** An event without the attributes that are null: in CloudEvents' JSON format (1.0.2, section 2.2) they count as left out.
 *  What is no object stays as it is. */
export function withoutUnset(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || Array.isArray(event) || !Object.values(event).includes(null)) return event;
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));
}
