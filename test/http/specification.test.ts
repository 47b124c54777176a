import { readSpecification } from '../../src/http/specification.js';

// V8 holds a text as two bytes a character once one is beyond Latin-1, and so the names that are read from it. They are kept
// once for the whole process: every answer would be written in two bytes a character, and each be read twice to be sent.
test('openapi.yaml has no character beyond Latin-1', () => expect(readSpecification().text.match(/[\u0100-\uffff]+/g)).toBeNull());
