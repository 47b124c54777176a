// eslint-disable-next-line no-control-regex -- JSON forbids them in texts, so they are named here
const tokens = /([{}[\]:,])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b)/y;
const space = /[ \t\n\r]*/y;

type Expected = 'value' | 'value or ]' | 'name or }' | 'name' | 'colon' | ', or ]' | ', or }' | 'end';
const words: Readonly<Record<Expected, string>> = {
  'value': 'a value',
  'value or ]': 'a value or ]',
  'name or }': 'a name in double quotes, or }',
  'name': 'a name in double quotes',
  'colon': 'a colon',
  ', or ]': 'a comma or ]',
  ', or }': 'a comma or }',
  'end': 'the end of the text',
};

export interface JsonMistake { readonly line: number; readonly column: number; readonly detail: string }

/**
 * Where a text stops to be JSON (RFC 8259), and what was expected there; `null` for a text that is JSON.
 * For texts that `JSON.parse` has refused, since its own message leaves out the position as often as not.
 */
export function findJsonMistake(text: string): JsonMistake | null {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const afterValue = (): Expected => (open.length === 0 ? 'end' : open.at(-1) === '{' ? ', or }' : ', or ]');

  for (;;) {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
    if (at === text.length) return expected === 'end' ? null : mistake(text, at, `the text ends, where ${words[expected]} was expected`);
    tokens.lastIndex = at;
    const match = tokens.exec(text);
    const next: Expected | null = match === null ? null : step(expected, match, open, afterValue);
    if (next === null) return mistake(text, at, `expected ${words[expected]}${hint(text, at)}`);
    expected = next;
    at = tokens.lastIndex;
  }
}

/** What is expected after a token; `null` where the token does not fit. */
function step(expected: Expected, match: RegExpExecArray, open: ('{' | '[')[], afterValue: () => Expected): Expected | null {
  const [, sign, text] = match;
  if (expected === 'value' || expected === 'value or ]') {
    if (sign === undefined) return afterValue();
    if (sign === '{' || sign === '[') return open.push(sign), sign === '{' ? 'name or }' : 'value or ]';
  }
  if (text !== undefined && (expected === 'name' || expected === 'name or }')) return 'colon';
  if (sign === ':' && expected === 'colon') return 'value';
  if (sign === ',' && expected === ', or }') return 'name';
  if (sign === ',' && expected === ', or ]') return 'value';
  const closes = (sign === '}' && (expected === 'name or }' || expected === ', or }')) || (sign === ']' && (expected === 'value or ]' || expected === ', or ]'));
  if (!closes) return null;
  open.pop();
  return afterValue();
}

function hint(text: string, at: number): string {
  const sign = text[at];
  if (sign === "'") return '; texts stand in double quotes';
  if (sign === '"') return '; a text here has no closing quote, or holds a line break or a wrong \\ in it';
  if (sign === '/' || sign === '#') return '; JSON has no comments';
  if ((sign === '}' || sign === ']') && /,\s*$/.test(text.slice(Math.max(0, at - 100), at))) return '; there is a comma too many before it';
  return '';
}

function mistake(text: string, at: number, detail: string): JsonMistake {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: at - lineStart + 1, detail };
}
