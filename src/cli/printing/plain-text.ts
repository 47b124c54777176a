/** Control and formatting characters, which could move the cursor or hide text on a terminal. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Text from a file or a store as one line that is safe to print. */
export function plainText(text: string): string {
  return text.replace(unprintable, ' ');
}

export function shortened(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('').trimEnd()}…`;
}
