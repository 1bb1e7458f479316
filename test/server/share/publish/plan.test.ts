import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Title } from '../../../../contract/share/index.js';
import type { CatalogueEntry } from '../../../../server/share/archive/types.js';
import { planShare, toTitle } from '../../../../server/share/publish/plan.js';
import type { Choice, Details } from '../../../../server/share/publish/plan.js';

const file = { contentHash: 'h1', heading: 'Heading', name: '/some/where/file name.ipynb' };

function entry(details: Details, more: { contentHash?: string; hideCode?: boolean; deletedAt?: string } = {}) {
  const { contentHash = 'h1', hideCode = false, deletedAt } = more;
  return {
    item: { ...details, ...(deletedAt !== undefined && { deletedAt }) },
    versions: [{ versionId: 'V', contentHash, hideCode }],
    lastEvent: 'E'
  } as unknown as CatalogueEntry;
}

const details: fc.Arbitrary<Details> = fc.record({
  title: fc.constantFrom('A', 'B'),
  tags: fc.subarray(['x', 'y', 'z']),
  groups: fc.subarray(['g', 'h']),
  audience: fc.constantFrom({ kind: 'everyone' as const }, { kind: 'owner' as const })
});
const choice: fc.Arbitrary<Choice> = fc.record(
  {
    title: fc.constantFrom('A', 'B'),
    tags: fc.subarray(['x', 'y', 'z']),
    groups: fc.subarray(['g', 'h']),
    audience: fc.constantFrom({ kind: 'everyone' as const }, { kind: 'owner' as const }),
    hideCode: fc.boolean()
  },
  { requiredKeys: [] }
);

test('a first share takes what was chosen, and sensible values for the rest', () => {
  expect(planShare(undefined, {}, file)).toEqual({
    kind: 'version',
    details: { title: 'Heading', tags: [], groups: [], audience: { kind: 'everyone' } },
    changed: { title: 'Heading', tags: [], groups: [], audience: { kind: 'everyone' } },
    hideCode: false,
    restores: false
  });
  expect(planShare(undefined, {}, { ...file, heading: undefined }).details.title).toBe('file name');
});

test('what a plan says is what it does: applied once, there is nothing left to do', () => {
  fc.assert(
    fc.property(details, choice, fc.boolean(), fc.boolean(), fc.boolean(), (before, wanted, same, hidden, deleted) => {
      const page = entry(before, {
        contentHash: same ? 'h1' : 'h0',
        hideCode: hidden,
        ...(deleted && { deletedAt: 'then' })
      });
      const plan = planShare(page, wanted, file);
      const nothingElse = Object.keys(plan.changed).length === 0 && !deleted;
      const sameLooks = (wanted.hideCode ?? hidden) === hidden;
      expect(plan.kind).toBe(same && sameLooks ? (nothingElse ? 'unchanged' : 'details') : 'version');
      // What was not chosen stays as it was, also whether the code is hidden.
      expect(plan.details).toEqual({ ...before, ...picked(wanted) });
      expect({ ...before, ...plan.changed }).toEqual(plan.details);
      expect(plan.hideCode).toBe(wanted.hideCode ?? hidden);
      expect(plan.restores).toBe(deleted);

      const after = entry(plan.details, { contentHash: 'h1', hideCode: plan.hideCode });
      for (const again of [wanted, {}]) expect(planShare(after, again, file).kind).toBe('unchanged');
    })
  );
});

function picked({ hideCode: _, ...rest }: Choice): Partial<Details> {
  return rest;
}

test('a title taken from a file may always be shown, and is what one reads there', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
      const title = toTitle(text);
      if (title === undefined) return;
      expect(Title.safeParse(title)).toEqual({ success: true, data: title });
    })
  );
  expect(toTitle('  Flights \n of\t2013 ')).toBe('Flights of 2013');
  expect(toTitle('\u202e\u0000 ')).toBeUndefined();
  expect(toTitle('')).toBeUndefined();
  expect(toTitle('\ud800 x')).toBe('\ufffd x');
});
