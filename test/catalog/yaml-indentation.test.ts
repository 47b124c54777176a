import { parseYamlFile } from '../../src/catalog/yaml-file.js';

const text = `# rules
- id: consent
  kind: communication

  # a comment
  applies: direction == "outbound"
  require: channel in customer.consents
  reason: No consent to marketing in this channel
- id: often
  kind: communication
  cap: { outcome: presented, max: 3, per: 7d }
  labels:
    - Three a week
    - channel: web
      says: No more than three
  texts:
    first:
      short: Three
      long: No more than three
    last: Enough
`;
const lines = text.split('\n');
const shifted = (index: number, blanks: number): string =>
  lines.map((line, at) => (at !== index ? line : blanks < 0 ? line.slice(-blanks) : ' '.repeat(blanks) + line)).join('\n');

test('the text is right', () => {
  expect(parseYamlFile('rules/x.yaml', text).problems).toEqual([]);
});

/** Where the line itself may stand so, the one below it is the first that cannot. */
const below = new Map([['- id: consent', '  kind: communication'], ['- id: often', '  kind: communication'], ['    first:', '    last: Enough'], ['      short: Three', '      long: No more than three'], ['    - channel: web', '      says: No more than three'], ['    - Three a week', '    - channel: web']]);

const moved = lines.flatMap((line, index) => (line.trim() === '' || line.includes('#') ? [] : [1, 3, -1].filter((blanks) => blanks > 0 || line.startsWith(' ')).map((blanks): [string, number, number] => [line, blanks, index])));

test.each(moved)('%j moved by %i is said in its line, or in the one that cannot stand below it', (line, blanks, index) => {
  const [problem] = parseYamlFile('rules/x.yaml', shifted(index, blanks)).problems;
  // The last member of a mapping may stand anywhere below its name.
  if (problem === undefined) return expect(lines[index - 1]).toMatch(/:$/);
  expect([line, below.get(line)]).toContain(lines[problem.line - 1]);
  expect(problem.message).toMatch(/^is indented|^this dash is|^a dash/);
});
