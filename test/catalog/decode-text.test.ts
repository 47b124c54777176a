import { decodeText } from '../../src/catalog/decode-text.js';

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
const saveAs = 'save it as plain text in UTF-8';

test.each<[what: string, content: string | Uint8Array, text: string]>([
  ['UTF-8', bytes('name: Åsa\n'), 'name: Åsa\n'],
  ['UTF-8 with its mark', bytes([0xef, 0xbb, 0xbf], 'id: a\n'), 'id: a\n'],
  ['a text with that mark', '\uFEFFid: a\n', 'id: a\n'],
  ['lines that end in CRLF', bytes('a: 1\r\nb: 2\r\n'), 'a: 1\r\nb: 2\r\n'],
  ['one line', 'id: a', 'id: a'],
  ['one line that ends in CR', 'id: a\r', 'id: a\r'],
  ['nothing', bytes(), ''],
])('%s is read', (_what, content, text) => {
  expect(decodeText(content)).toEqual({ ok: true, text });
});

test.each<[what: string, content: string | Uint8Array, message: string, before: string]>([
  ['UTF-16, little end first', bytes([0xff, 0xfe], [0x69, 0, 0x64, 0]), `is UTF-16 text: ${saveAs}`, ''],
  ['UTF-16, big end first', bytes([0xfe, 0xff], [0, 0x69, 0, 0x64]), `is UTF-16 text: ${saveAs}`, ''],
  ['UTF-16 without a mark', bytes([0x69, 0, 0x64, 0]), `holds a NUL character, as UTF-16 text and files that are no text do: ${saveAs}`, 'i'],
  ['Latin-1', bytes('id: a\nname: ', [0xc5], 'sa\n'), `is no UTF-8 text: this character is of another encoding (Latin-1, Windows-1252), so ${saveAs}`, 'id: a\nname: '],
  ['a .docx', bytes([0x50, 0x4b, 0x03, 0x04, 0x14]), `is an office document or an archive, and no text: ${saveAs}`, ''],
  ['an old .xls', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), `is an office document or an archive, and no text: ${saveAs}`, ''],
  ['lines that end in CR alone', 'id: a\rkind: b\r', 'its lines end in CR alone, so that it is one line: save it with line ends LF or CRLF', ''],
])('%s is not', (_what, content, message, before) => {
  expect(decodeText(content)).toEqual({ ok: false, message, before });
});
