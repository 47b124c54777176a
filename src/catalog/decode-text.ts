/** A file's text, or what is wrong with its bytes, and where the text ends that can be read. */
export type Decoded = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string; readonly before: string };

const saveAs = 'save it as plain text in UTF-8';
/** How archives (.docx, .xlsx, .zip) and older office documents begin. */
const documentMarks: readonly (readonly number[])[] = [[0x50, 0x4b, 0x03, 0x04], [0xd0, 0xcf, 0x11, 0xe0]];

/** A mark at its beginning that says UTF-8 is no part of the text. */
export function decodeText(content: string | Uint8Array): Decoded {
  if (typeof content === 'string') return readable(content.replace(/^\uFEFF/, ''));
  const begins = (mark: readonly number[]): boolean => mark.every((byte, index) => content[index] === byte);
  const refused = (message: string, before = ''): Decoded => ({ ok: false, message, before });
  if (begins([0xff, 0xfe]) || begins([0xfe, 0xff])) return refused(`is UTF-16 text: ${saveAs}`);
  if (documentMarks.some(begins)) return refused(`is an office document or an archive, and no text: ${saveAs}`);
  try {
    return readable(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    const before = /^[^\uFFFD]*/.exec(new TextDecoder().decode(content))![0];
    return refused(`is no UTF-8 text: this character is of another encoding (Latin-1, Windows-1252), so ${saveAs}`, before);
  }
}

function readable(text: string): Decoded {
  const nul = text.indexOf('\0');
  if (nul >= 0) return { ok: false, message: `holds a NUL character, as UTF-16 text and files that are no text do: ${saveAs}`, before: text.slice(0, nul) };
  if (/\r[^\n]/.test(text) && !text.includes('\n')) return { ok: false, message: 'its lines end in CR alone, so that it is one line: save it with line ends LF or CRLF', before: '' };
  return { ok: true, text };
}
