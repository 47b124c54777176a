import { isAlias, isNode, isPair, isScalar, isSeq, visit, type Alias, type Document, type Node, type Pair } from 'yaml';

/** Where in the text, and what to do about it. `structural`: what comes after it in the file mostly comes of it. */
export interface SyntaxProblem { readonly offset: number; readonly message: string; readonly structural?: boolean }

export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

export function colonMissing(whole: string): string {
  const line = whole.slice(0, 200);
  const [, name = '', rest = ''] = /^([^\s:：=]+)(?:\s*=|[:：])?\s*(.*)$/.exec(line.trim()) ?? [];
  const written = rest === '' ? '' : `: write it as "${name.slice(0, 40)}: ${rest.slice(0, 40)}"`;
  return /^[^\s:]+:\S/.test(line) ? `a space is missing after the colon${written}` : `a colon is missing${written}`;
}

function isBlockItem(around: readonly (Document | Node | Pair)[]): boolean {
  const list = around.at(-1);
  return isSeq(list) && list.flow !== true;
}

/** How far into a text that goes on over lines a line begins as an item does, up to its dash; below 0: none does. */
function dashWithin(source: string): number {
  const line = source.search(/\n[ \t]*-\s/);
  return line < 0 ? line : source.indexOf('-', line);
}

const commaSplits = 'a comma splits this: a decimal number is written with a point (0.05), a text with a comma stands in quotes';

/** What is YAML, and surely not what was meant. `isRest`: it may be a rest of what was misread before it in its line. */
export function unmeant(document: Document.Parsed, text: string): (SyntaxProblem & { readonly isRest?: boolean })[] {
  const found: (SyntaxProblem & { readonly isRest?: boolean })[] = [];
  const anchors = new Set<string | undefined>();
  const repeated = new Set<string | undefined>();
  const maybeTexts = new Map<SyntaxProblem, string>();
  visit(document, {
    Scalar: (_key, scalar, around) => {
      anchors.add(scalar.anchor);
      const offset = scalar.range?.[0] ?? 0;
      // "&&", or "&more" with nothing behind it: of a name for a part to be repeated more would be there, or a part that repeats it.
      if (scalar.anchor !== undefined && scalar.type === 'PLAIN' && (scalar.anchor.startsWith('&') || scalar.source === '')) {
        const problem = { offset: text.lastIndexOf(`&${scalar.anchor}`, offset), message: 'a text that begins with "&" must stand in quotes' };
        maybeTexts.set(problem, scalar.anchor);
        found.push(problem);
      }
      const dash = isBlockItem(around) && scalar.type === 'PLAIN' ? dashWithin(text.slice(offset, scalar.range?.[1])) : -1;
      if (dash >= 0) found.push({ offset: offset + dash, message: `this dash is no item's, since it is indented more than those above: begin it in column ${text.lastIndexOf('-', offset - 1) - lineStart(text, offset) + 1}` });
    },
    Seq: (_key, { anchor }) => {
      anchors.add(anchor);
    },
    Map: (_key, { items, flow, anchor }, around) => {
      anchors.add(anchor);
      // The library's own check compares every key with every other: 100,000 keys would take minutes.
      const names = new Set<string>();
      for (const [index, pair] of items.entries()) {
        const name = keyText(document, pair.key);
        if (name === undefined) continue;
        const offset = (pair.key as Node).range?.[0] ?? 0;
        if (flow === true && pair.value === null) found.push({ offset, message: valueMissing(name, index) });
        else if (names.has(name) && flow !== true && name === keyText(document, items[0]!.key)) {
          const isItem = isSeq(around.at(-1));
          if (!isItem && around.length > 1) found.push({ offset, message: `member "${name.slice(0, 60)}" is given twice` });
          else found.push({ offset, message: `member "${name.slice(0, 60)}" is given twice: ${isItem ? `where the next item of the list begins, a dash is missing ("- ${name.slice(0, 60)}: …")` : 'a file with several entries is a list, so begin each with "- " and indent its other members'}` });
          // The others of the second item are given twice for the same reason.
          break;
        } else if (names.has(name)) found.push({ offset, message: `member "${name.slice(0, 60)}" is given twice` });
        else if (flow !== true && isPlain(pair) && /^-[\p{L}_]/u.test(name)) found.push({ offset, message: 'a space is missing after the dash' });
        names.add(name);
      }
    },
    Alias: (_key, alias, around) => {
      repeated.add(alias.source);
      // Looked for here: to resolve an alias, the library goes through the whole file.
      if (!anchors.has(alias.source)) found.push({ offset: alias.range?.[0] ?? 0, message: `nothing above is named &${alias.source}: a text that begins with "*" must stand in quotes`, isRest: true });
      else if (isWithinItself(document, alias, around)) found.push({ offset: alias.range?.[0] ?? 0, message: `*${alias.source} stands within what it repeats (&${alias.source}), which would never end` });
    },
  });
  return found.filter((problem) => !repeated.has(maybeTexts.get(problem)));
}

/** Its name first: to resolve an alias, the library goes through the whole file. */
function isWithinItself(document: Document.Parsed, alias: Alias, around: readonly (Document | Node | Pair)[]): boolean {
  return around.some((outer) => isNode(outer) && !isAlias(outer) && outer.anchor === alias.source) && around.includes(alias.resolve(document)!);
}

/** Of the first in its braces no comma stands before it, so that it cannot be the rest of a split text. */
function valueMissing(name: string, index: number): string {
  return index > 0 && !/^[\w-]+\s*[:=]\s*\S/.test(name) ? commaSplits : colonMissing(name);
}

const isPlain = (pair: unknown): boolean => isPair(pair) && isScalar(pair.key) && pair.key.type === 'PLAIN';

function keyText(document: Document.Parsed, key: unknown): string | undefined {
  const node = isAlias(key) ? key.resolve(document) : key;
  return isScalar(node) ? String(node.value) : undefined;
}
