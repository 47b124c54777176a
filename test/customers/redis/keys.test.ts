import { createHash } from 'node:crypto';
import { bucketTags, counterKeys, customerKeys, customerKeysOf, placeOf, tombstoneKeys, valueKey, visitorValues } from '../../../src/customers/redis/keys.js';

/** CRC-16/XMODEM by a table, as the cluster specification's appendix does it: another way than the product's. */
const table = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff;
  return crc;
});
function slotOf(key: string): number {
  const open = key.indexOf('{');
  const close = key.indexOf('}', open + 1);
  const hashed = open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (const byte of Buffer.from(hashed)) crc = ((crc << 8) & 0xffff) ^ table[((crc >> 8) ^ byte) & 0xff]!;
  return crc % 16_384;
}

test('the slots are those of the specification', () => {
  expect(slotOf('123456789')).toBe(0x31c3 % 16_384);
});

describe('buckets', () => {
  test('have tags that never change: what is stored is found by them', () => {
    expect(bucketTags).toHaveLength(256);
    expect(new Set(bucketTags).size).toBe(256);
    expect(createHash('sha256').update(bucketTags.join(',')).digest('hex')).toBe('148c494e3e562af81d14968f6c120b0daa169d5f13394ec62426a63f053a0d52');
  });

  test('are spread evenly over the slots', () => {
    expect(bucketTags.map((tag) => Math.floor(slotOf(`{${tag}}`) / 64))).toEqual(Array.from({ length: 256 }, (_, bucket) => bucket));
  });

  test('get the customers evenly, by the first byte of the hash', () => {
    const counts = new Map<number, number>();
    for (let number = 0; number < 20_000; number++) {
      const id = `C-${number}`;
      const tag = placeOf(id).slice(1, placeOf(id).indexOf('}'));
      const bucket = createHash('sha256').update(id).digest()[0]!;
      expect(tag).toBe(bucketTags[bucket]);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBeLessThan(130);
  });
});

describe('keys', () => {
  const ids = ['C-1', '{a}b', '}{', '{}', '{', 'a}b{c}d', '漢字', ' ', 'x'.repeat(128)];

  test('of a version, as they are for ever', () => {
    expect(valueKey('nbo', 'C-1')).toBe('nbo:{18}:B-mpaWVX9cj4gr4G55m8CW:c');
    expect(customerKeys('nbo', 'C-1').value).toBe(valueKey('nbo', 'C-1'));
    expect(counterKeys('nbo', 'home-insurance/accepted/month/2026-11').confirmed).toBe('nbo:{oWnSkfCSBlinPebvjrmsEg}:n');
    const own = 'nbo:{18}:KYudia1Vs43oxfyFq9K43rR20MmoGNQ2JMsCDp388no:t';
    expect(tombstoneKeys('nbo', 'salt', false, 'C-1')).toEqual({ own, moved: null });
    expect(tombstoneKeys('nbo', 'salt', true, 'C-1')).toEqual({ own, moved: 'nbo:moved:KYudia1Vs43oxfyFq9K43rR20MmoGNQ2JMsCDp388no:t' });
  });

  test.each(ids.map((id) => [id]))('of the customer %j are all in one slot, and tell nothing of the id', (id) => {
    const { due, ...own } = customerKeys('nbo', id);
    const keys = [...Object.values(own), ...Object.values(due), tombstoneKeys('nbo', 'salt', false, id).own] as string[];
    expect(new Set(keys.map(slotOf)).size).toBe(1);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^nbo:\{\d+\}:([\w-]{22,43}:)?[a-z]$/);
    expect(customerKeysOf('nbo', placeOf(id))).toEqual(customerKeys('nbo', id));
  });

  test('of a visitor have a value of their own name, which a pattern finds', () => {
    expect(valueKey('nbo', '\u0002v-1')).toMatch(/^nbo:\{\d+\}:[\w-]{22}:v$/);
    expect(customerKeys('nbo', '\u0002v-1').value).toBe(valueKey('nbo', '\u0002v-1'));
    expect(visitorValues('nbo')).toBe('nbo:{*}:??????????????????????:v');
  });

  test('of a counter are all in one slot', () => {
    for (const counter of ['a', '{a}b', '', '\ud800']) expect(new Set((Object.values(counterKeys('nbo', counter)) as string[]).map(slotOf)).size).toBe(1);
    expect(counterKeys('nbo', 'a').confirmed).not.toBe(counterKeys('nbo', 'b').confirmed);
  });
});
