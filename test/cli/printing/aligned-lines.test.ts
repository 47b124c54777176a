import { alignedLines } from '../../../src/cli/printing/aligned-lines.js';

const rows = [['offer', 'per', 'used'], ['a', 'week', '7'], ['card', 'day', '1,200']];

test.each([
  [undefined, ['offer    per    used', 'a       week       7', 'card     day   1,200']],
  [1, ['offer    per    used', 'a       week       7', 'card     day   1,200']],
  [2, ['offer   per     used', 'a       week       7', 'card    day    1,200']],
  [0, ['offer    per    used', '    a   week       7', ' card    day   1,200']],
])('the first columns begin together, the others end together: %p', (textColumns, lines) => {
  expect(alignedLines(rows, textColumns)).toEqual(lines);
});
