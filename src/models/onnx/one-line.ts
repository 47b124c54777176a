import { messageOf } from '../../errors.js';

const maxLength = 500;

/**
 * An error's message as one plain line. The runtime's own begin with a source file, a line and a C++ signature, and
 * name the node that failed: "… Status Message: /src/tree.h:624 void onnxruntime::f(const T&) const [with T = float] One path …".
 */
export function oneLine(error: unknown): string {
  const text = messageOf(error)
    .replace(/^[\s\S]*Status Message: /, '')
    .replace(/(?:^|\s)\S+\.(?:cc|cpp|h|hpp):\d+ [^\n]*?\)(?: const)?(?: \[with [^\]\n]*\])?(?= )/g, ' ')
    .replace(/^\s*(?:Fatal error|Load model from .*? failed)\s*:/i, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return text.length > maxLength ? `${text.slice(0, maxLength)} …` : text;
}
