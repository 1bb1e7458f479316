import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem, ProblemError } from '../../../../contract/problem.js';
import { PageConflict } from '../../../../contract/share/index.js';
import { missingPage, severalPages, WikiConflict } from '../../../../server/share/wiki/conflict.js';
import { merge, weave } from '../../../../server/share/wiki/merge.js';

const lines = (text: string): string => text.split(' ').join('\n');
const page = {
  id: '7',
  title: 'Delays',
  space: '0',
  url: 'https://wiki.example.org/7',
  version: '3',
  body: '',
  editor: 'Bob',
  editedAt: '2026-11-21T11:00:00+01:00'
};

/** The details as they arrive in a browser. */
function details(base: string | undefined, theirs: string, ours: string, mergeable = true): PageConflict {
  const texts = { base, theirs, ours };
  return arrived(new WikiConflict('edited', page, { ...texts, mergeable, seen: 'x' }, texts));
}

function arrived(error: ProblemError): PageConflict {
  const travelled = Problem.parse(JSON.parse(JSON.stringify(error.toProblem())));
  return PageConflict.parse(ProblemError.from(travelled).details);
}

const kinds = (conflict: PageConflict): string[] => conflict.parts.map(({ kind }) => kind);

describe('what is told of a conflict', () => {
  it('is the page, who changed it and when, and what can be done', () => {
    expect(details('a', 'b', 'a')).toMatchObject({
      kind: 'edited',
      pages: [{ id: '7', title: 'Delays', url: 'https://wiki.example.org/7' }],
      editor: 'Bob',
      editedAt: '2026-11-21T10:00:00.000Z',
      seen: 'x',
      answers: ['merge', 'overwrite', 'new']
    });
    expect(details('a', 'b', 'c', false).answers).toEqual(['overwrite', 'new']);
    const texts = { base: 'a', theirs: 'b', ours: 'a' };
    const nobody = { ...page, editor: '', editedAt: 'once' };
    const said = arrived(new WikiConflict('edited', nobody, { ...texts, mergeable: true, seen: 'x' }, texts));
    expect([said.editor, said.editedAt]).toEqual([undefined, undefined]);
  });

  it('names who changed which piece, word by word', () => {
    const conflict = details(lines('a b c d e f g'), lines('a B c d e f G'), lines('a b c D e f X'));
    expect(kinds(conflict)).toEqual(['same', 'theirs', 'same', 'ours', 'same', 'clash']);
    expect(conflict.counts).toEqual({ theirs: 1, ours: 1, both: 0, clash: 1 });
    expect(conflict.parts.at(-1)).toEqual({
      kind: 'clash',
      base: 'g',
      theirs: [
        { kind: 'removed', text: 'g' },
        { kind: 'added', text: 'G' }
      ],
      ours: [
        { kind: 'removed', text: 'g' },
        { kind: 'added', text: 'X' }
      ]
    });
    expect(kinds(details(lines('a b c'), lines('a B c'), lines('a B c')))).toEqual(['same', 'both', 'same']);
  });

  it('folds what nobody changed, but for the lines next to a change', () => {
    const many = Array.from({ length: 40 }, (_, n) => `line ${n}`);
    const changed = many.map((line, n) => (n === 20 ? 'changed' : line));
    expect(details(many.join('\n'), changed.join('\n'), many.join('\n')).parts).toMatchObject([
      { kind: 'fold', lines: 17 },
      { kind: 'same', base: 'line 17\nline 18\nline 19' },
      { kind: 'theirs', base: 'line 20' },
      { kind: 'same', base: 'line 21\nline 22\nline 23' },
      { kind: 'fold', lines: 16 }
    ]);
  });

  it('counts each difference as one of both sides where nobody knows what was shared last', () => {
    const conflict = details(undefined, lines('a b c'), lines('a x c'), false);
    expect(kinds(conflict)).toEqual(['same', 'clash', 'same']);
    expect(conflict.counts).toMatchObject({ theirs: 0, ours: 0, clash: 1 });
  });

  it('stays small however much was changed, and counts what it leaves out', () => {
    const word = (n: number): string => `${n} ${'x'.repeat(900)}`;
    const base = Array.from({ length: 400 }, (_, n) => (n % 2 ? `same ${n}` : word(n)));
    const theirs = base.map((line, n) => (n % 2 ? line : `${line} and more`));
    const conflict = details(base.join('\n'), theirs.join('\n'), base.join('\n'));
    expect(conflict.cut).toBe(true);
    expect(conflict.counts.theirs).toBe(200);
    expect(JSON.stringify(conflict).length).toBeLessThan(120_000);
    expect(conflict.parts.length).toBeGreaterThan(5);
  });

  it('is a question also where the page is gone, or several are its', () => {
    expect(arrived(missingPage(page))).toMatchObject({ kind: 'missing', answers: ['new'], parts: [] });
    const copy = { ...page, id: '8', title: 'A copy' };
    expect(arrived(severalPages([page, copy])).pages.map(({ id }) => id)).toEqual(['7', '8']);
  });
});

it('pieces put together are the three texts, and a clash is what cannot be merged', () => {
  const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 12 });
  fc.assert(
    fc.property(list, list, list, (one, two, three) => {
      const [base, theirs, ours] = [one.join('\n'), two.join('\n'), three.join('\n')];
      const strands = weave(base, theirs, ours);
      const text = (side: 'base' | 'theirs' | 'ours') => strands.flatMap(strand => strand[side]).join('\n');
      expect([text('base'), text('theirs'), text('ours')]).toEqual([base, theirs, ours]);
      expect(merge(base, theirs, ours) === undefined).toBe(strands.some(({ kind }) => kind === 'clash'));
      for (const strand of strands) {
        if (strand.kind === 'same') expect(strand.theirs).toEqual(strand.ours);
        if (strand.kind === 'theirs') expect(strand.ours).toEqual(strand.base);
        if (strand.kind === 'ours') expect(strand.theirs).toEqual(strand.base);
      }
    })
  );
});
