import { describe, expect, it } from 'vitest';
import { brief, nameAdvice } from '../page/words';

describe('a user name that the server refuses', () => {
  const ok = 'letters, digits, spaces and signs like \' - . _ can stand in a name.';
  it.each([
    ['', 'Type at least one letter.'],
    ['a'.repeat(341), 'It is too long. Choose a shorter one.'],
    ['O’Brien & Söhne “x”', `Leave out ’ “ ” – ${ok}`],
    ['ada 😀', `Leave out 😀 – ${ok}`],
    ['x² ﬁsh', `Leave out ² ﬁ – ${ok}`],
    ['a\u200bb', 'It contains invisible characters. Type it anew instead of pasting it.'],
    ['שלום-ada', 'This mix of letters can’t stand in one name, as Hebrew beside Latin.'],
  ])('is told why: %s', (name, advice) => {
    expect(nameAdvice(name)).toBe(advice);
  });
});

describe('a name in a sentence', () => {
  it.each([['Bob', 'Bob'], ['ä'.repeat(40), 'ä'.repeat(40)], ['😀'.repeat(41), `${'😀'.repeat(39)}…`]])('is at most forty characters long', (name, shown) => {
    expect(brief(name)).toBe(shown);
  });
});
