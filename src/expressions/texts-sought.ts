import { tokenize } from './tokens.js';

/** The texts that a source looks for in a list of that path, each where it stands: `"sms"` of `"sms" in customer.consents`. */
export function textsSought(source: string, path: string): readonly { readonly text: string; readonly offset: number }[] {
  if (!source.includes(path)) return [];
  const { tokens } = tokenize(source);
  const names = path.split('.').flatMap((name, index) => (index === 0 ? [name] : ['.', name]));
  return tokens.flatMap(({ kind, text, offset }, index) => {
    const isSought = kind === 'string' && tokens[index + 1]?.text === 'in' && names.every((name, at) => tokens[index + 2 + at]?.text === name);
    return isSought ? [{ text: text.replace(/^["']+|["']+$/g, ''), offset }] : [];
  });
}
