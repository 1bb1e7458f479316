import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createMemoryWiki,
  type MemoryWikiOptions,
  type MemoryWikiPeople
} from '../../../../server/adapters/memory/wiki.js';
import type { WikiAttachment, WikiDialect, WikiTarget } from '../../../../server/share/wiki/ports.js';
import {
  publishToWiki,
  WikiConflict,
  type WikiAnswer,
  type WikiOutcome,
  type WikiRecord
} from '../../../../server/share/wiki/publish.js';
import { regionMarks } from '../../../../server/share/wiki/region.js';
import { scratch } from '../../../support/scratch.js';

const MARKER = '01K9ZZZZZZZZZZZZZZZZZZZZZA';
const dialect: WikiDialect = 'commonmark';

class Killed extends Error {}

/** One notebook that is shared to a wiki in memory. */
class Sharing {
  readonly target: WikiTarget;
  readonly people: MemoryWikiPeople;
  record: WikiRecord | undefined;
  /** Stages as they were shown. */
  shown: string[] = [];
  /** All fail points that were passed. */
  passed: string[] = [];
  marker = MARKER;
  onPass: (name: string) => void = () => undefined;
  /** At the so many-th fail point the process dies. */
  killAt = Infinity;

  constructor(options?: MemoryWikiOptions) {
    ({ target: this.target, people: this.people } = createMemoryWiki(options));
  }

  share(
    lines: string[],
    options: {
      answer?: WikiAnswer;
      attachments?: WikiAttachment[];
      title?: string;
      chosen?: string;
      seen?: string;
    } = {}
  ): Promise<WikiOutcome> {
    const { begin, end } = regionMarks(dialect, this.marker);
    const region = [begin, ...lines, end].join('\n');
    this.passed = [];
    this.shown = [];
    return publishToWiki({
      target: this.target,
      dialect,
      marker: this.marker,
      place: { title: options.title ?? 'Delays' },
      region,
      renderedHash: createHash('sha256').update(region).digest('hex'),
      attachments: options.attachments ?? [],
      record: this.record,
      answer: options.answer,
      chosen: options.chosen,
      seen: options.seen,
      stages: {
        run: (stage, work) =>
          work((done, total, detail = '') => this.shown.push(`${stage} ${done}/${total} ${detail}`.trim())),
        skip: stage => this.shown.push(`${stage} skipped`)
      },
      save: record => {
        this.record = structuredClone(record);
      },
      failPoint: name => {
        this.passed.push(name);
        this.onPass(name);
        if (this.passed.length === this.killAt) throw new Killed(name);
      }
    });
  }

  get body(): string {
    return this.people.pages()[0]?.body ?? '';
  }
}

function picture(content: string): WikiAttachment {
  const bytes = Buffer.from(content);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = join(scratch(), sha256);
  writeFileSync(file, bytes);
  return { name: `nb-${sha256.slice(0, 16)}.png`, type: 'image/png', sha256, size: bytes.length, file };
}

let sharing: Sharing;
beforeEach(() => {
  sharing = new Sharing();
});

describe('sharing to a wiki', () => {
  it('makes a page, then changes it, then writes nothing', async () => {
    const pictures = [picture('one'), picture('two')];
    expect(await sharing.share(['a'], { attachments: pictures })).toMatchObject({ outcome: 'created', uploads: 2 });
    expect(await sharing.share(['b'], { attachments: pictures })).toMatchObject({
      outcome: 'updated',
      uploads: 0,
      edits: 1
    });
    expect(await sharing.share(['b'], { attachments: pictures })).toMatchObject({
      outcome: 'unchanged',
      uploads: 0,
      edits: 0
    });
    expect(sharing.people.pages()).toHaveLength(1);
    expect(sharing.body).toContain('\nb\n');
  });

  it('shows what it does: the page, each figure that is sent with its size, the text', async () => {
    const pictures = [picture('one'), picture('x'.repeat(41_000))];
    await sharing.share(['a'], { attachments: pictures });
    expect(sharing.shown).toEqual([
      'page 0/0 looking for it',
      'page 0/0 making it',
      'figures 0/2 3 B',
      'figures 1/2 41 KB',
      'figures 2/2',
      'text 0/0 writing it',
      'text 0/0 reading it back'
    ]);
    await sharing.share(['a'], { attachments: pictures });
    expect(sharing.shown).toEqual(['page 0/0 looking for it', 'figures 0/0']);
    await sharing.share(['a']);
    expect(sharing.shown).toEqual(['page 0/0 looking for it', 'figures skipped']);
    const together = new Sharing({ together: true, features: { attachments: 'wiki' } });
    await together.share(['a'], { attachments: pictures });
    expect(together.shown).toContain('figures skipped');
    expect(together.shown).toContain('text 0/0 writing it, with 2 figures');
  });

  it('writes text and pictures as one change where the wiki can, and brings back a picture that is gone', async () => {
    const together = new Sharing({ together: true, features: { attachments: 'wiki' } });
    const [one, two] = [picture('one'), picture('two')];
    await together.share(['a'], { attachments: [one] });
    expect(together.passed).not.toContain('wiki:attachment-uploaded');
    expect(together.people.counts).toEqual({ edits: 2, uploads: 1 });
    expect(await together.share(['b'], { attachments: [one, two] })).toMatchObject({ uploads: 1, edits: 1 });
    expect(together.people.counts).toEqual({ edits: 3, uploads: 2 });
    together.people.dropFile(together.record!.pageId, two.name);
    expect(await together.share(['b'], { attachments: [one, two] })).toMatchObject({
      outcome: 'updated',
      uploads: 1,
      edits: 0
    });
    expect(together.people.file(together.record!.pageId, two.name)).toBeDefined();
  });

  it.each(['wiki:body-written', 'wiki:page-created'])(
    'takes no word for its own that a person writes into its part at %s',
    async moment => {
      sharing.onPass = name => {
        if (name !== moment) return;
        sharing.onPass = () => undefined;
        const id = sharing.people.pages()[0]!.id;
        sharing.people.edit(id, body => body.replace(/\n(?=[^\n]*lakeside:end)/, '\nsays Bob\n'));
      };
      const first = await sharing.share(['a', 'b']).catch((error: unknown) => error);
      if (moment === 'wiki:page-created') expect(first).toBeInstanceOf(WikiConflict);
      await expect(sharing.share(['c', 'b'])).rejects.toBeInstanceOf(WikiConflict);
      expect(sharing.body).toContain('says Bob');
    }
  );

  it('takes no word for its own that the wiki itself joined with its text', async () => {
    await sharing.share(['a', 'b']);
    const write = sharing.target.write.bind(sharing.target);
    sharing.target.write = async (id, change, call) => {
      sharing.target.write = write;
      return write(id, { ...change, body: change.body.replace('\nb\n', '\nb\nsays Bob\n') }, call);
    };
    await sharing.share(['c', 'b']);
    await expect(sharing.share(['d', 'b'])).rejects.toBeInstanceOf(WikiConflict);
    await sharing.share(['d', 'b'], { answer: 'merge' });
    expect(sharing.body).toContain('\nd\nb\nsays Bob\n');
  });

  it('does not take an answer for a change that came after it', async () => {
    await sharing.share(['a', 'b']);
    const id = sharing.record!.pageId;
    sharing.people.edit(id, body => body.replace('\na\n', '\nseen\n'));
    sharing.onPass = name => {
      if (name !== 'wiki:intent-stored') return;
      sharing.onPass = () => undefined;
      sharing.people.edit(id, body => body.replace('\nseen\n', '\nnot seen\n'));
    };
    await expect(sharing.share(['c', 'b'], { answer: 'overwrite' })).rejects.toBeInstanceOf(WikiConflict);
    expect(sharing.body).toContain('not seen');
    expect(await sharing.share(['c', 'b'], { answer: 'overwrite' })).toMatchObject({ outcome: 'updated' });
    expect(sharing.body).not.toContain('seen');
  });

  it('keeps what people wrote around its part', async () => {
    await sharing.share(['a']);
    const id = sharing.record!.pageId;
    sharing.people.edit(id, body => `Before.\n\n${body}\n\nAfter.`);
    expect(await sharing.share(['b'])).toMatchObject({ outcome: 'updated', edits: 1 });
    expect(sharing.body).toMatch(/^Before\.\n\n<!--[^]*\nb\n[^]*-->\n\nAfter\.$/);
  });

  it('goes after a page that was renamed and moved', async () => {
    await sharing.share(['a']);
    sharing.people.rename(sharing.record!.pageId, 'Lateness', 'lab');
    expect(await sharing.share(['b'])).toMatchObject({ outcome: 'updated' });
    expect(sharing.record).toMatchObject({ title: 'Lateness', space: 'lab' });
    expect(sharing.people.pages()).toHaveLength(1);
  });

  it('asks where the page was deleted, and goes on where it was restored', async () => {
    await sharing.share(['a']);
    const id = sharing.record!.pageId;
    sharing.people.remove(id);
    await expect(sharing.share(['b'])).rejects.toMatchObject({ code: 'target-not-found' });
    expect(sharing.people.pages()).toHaveLength(0);
    sharing.people.restore(id);
    expect(await sharing.share(['b'])).toMatchObject({ outcome: 'updated' });
  });

  it('asks where its marks were taken out, and writes below what stands there where a person says so', async () => {
    await sharing.share(['a']);
    sharing.people.edit(sharing.record!.pageId, () => 'All new, by Ada.', 'Ada');
    const error = await sharing.share(['b']).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WikiConflict);
    expect(error).toMatchObject({ kind: 'unmarked', page: { editor: 'Ada' }, change: { mergeable: false } });
    expect(sharing.body).toBe('All new, by Ada.');
    await expect(sharing.share(['b'], { answer: 'merge' })).rejects.toMatchObject({ kind: 'unmarked' });
    expect(await sharing.share(['b'], { answer: 'overwrite' })).toMatchObject({ outcome: 'updated' });
    expect(sharing.body).toMatch(/^All new, by Ada\.\n\n<!-- lakeside:begin/);
    expect(await sharing.share(['b'])).toMatchObject({ outcome: 'unchanged' });
    expect(sharing.people.pages()).toHaveLength(1);
  });

  it('goes on with the one of several pages that a person chose', async () => {
    await sharing.share(['a']);
    const [first, second] = [sharing.record!.pageId, sharing.people.add('A copy', sharing.body)];
    sharing.people.add('Another copy', sharing.body);
    sharing.people.remove(first);
    await expect(sharing.share(['b'])).rejects.toMatchObject({ details: { kind: 'copies' } });
    expect(await sharing.share(['b'], { chosen: second })).toMatchObject({ outcome: 'updated', edits: 1 });
    expect(sharing.record).toMatchObject({ pageId: second, title: 'A copy' });
    expect(await sharing.share(['b'])).toMatchObject({ outcome: 'unchanged' });
  });

  it('never takes over a page that it did not make', async () => {
    sharing.people.add('Delays', 'Mine.');
    await expect(sharing.share(['a'])).rejects.toMatchObject({ code: 'target-conflict' });
    expect(sharing.body).toBe('Mine.');
  });

  it('finds its page where the record was lost, and asks before it changes what it does not know', async () => {
    await sharing.share(['a']);
    sharing.record = undefined;
    expect(await sharing.share(['a'])).toMatchObject({ outcome: 'unchanged', edits: 0 });
    sharing.record = undefined;
    await expect(sharing.share(['b'])).rejects.toBeInstanceOf(WikiConflict);
    expect(await sharing.share(['b'], { answer: 'overwrite' })).toMatchObject({ outcome: 'updated' });
  });

  it('names all pages that carry the mark where somebody copied one', async () => {
    await sharing.share(['a']);
    sharing.people.add('A copy', sharing.body);
    expect(await sharing.share(['b'])).toMatchObject({ outcome: 'updated' });
    sharing.record = undefined;
    await expect(sharing.share(['c'])).rejects.toMatchObject({
      code: 'target-conflict',
      message: expect.stringContaining('"A copy"')
    });
  });
});

describe('an edit inside its part', () => {
  beforeEach(async () => {
    await sharing.share(['one', 'two', 'three', 'four', 'five']);
    sharing.people.edit(sharing.record!.pageId, body => body.replace('\ntwo', '\ntwo, says Ada'), 'Ada');
  });

  it('is shown, with both texts, and nothing is written', async () => {
    const error = await sharing.share(['one', 'two', 'three', 'four', '5']).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WikiConflict);
    const { change, message } = error as WikiConflict;
    expect(message).toContain('Ada');
    expect(change).toMatchObject({
      mergeable: true,
      theirs: expect.stringContaining('says Ada'),
      ours: expect.stringContaining('\n5\n')
    });
    expect(sharing.body).toContain('says Ada');
  });

  it('is merged, and stays in all later shares without asking again', async () => {
    await sharing.share(['one', 'two', 'three', 'four', '5'], { answer: 'merge' });
    expect(sharing.body).toContain('one\ntwo, says Ada\nthree\nfour\n5');
    expect(await sharing.share(['one', 'two', 'three', 'four', '5'])).toMatchObject({ outcome: 'unchanged' });
    await sharing.share(['one', 'two', 'three', '4', '5']);
    expect(sharing.body).toContain('one\ntwo, says Ada\nthree\n4\n5');
    sharing.people.edit(sharing.record!.pageId, body => body.replace('\nthree', '\nthree, says Bob'), 'Bob');
    await expect(sharing.share(['1', 'two', 'three', '4', '5'])).rejects.toBeInstanceOf(WikiConflict);
  });

  it('is asked about anew where somebody changed more than the person saw who answered', async () => {
    const lines = ['one', '2', 'three', 'four', 'five'];
    const seenBy = async (): Promise<string> => {
      const error = await sharing.share(lines).catch((caught: unknown) => caught);
      return (error as WikiConflict).change.seen;
    };
    const seen = await seenBy();
    sharing.people.edit(sharing.record!.pageId, body => body.replace('\nfour', '\nfour, says Bob'), 'Bob');
    for (const answer of ['overwrite', 'merge'] as const)
      await expect(sharing.share(lines, { answer, seen })).rejects.toMatchObject({ page: { editor: 'Bob' } });
    expect(sharing.body).toContain('says Bob');
    expect(await sharing.share(lines, { answer: 'overwrite', seen: await seenBy() })).toMatchObject({ edits: 1 });
    expect(sharing.body).not.toContain('says');

    sharing.people.edit(sharing.record!.pageId, () => 'All new.', 'Ada');
    const old = await seenBy();
    sharing.people.edit(sharing.record!.pageId, () => 'All newer.', 'Ada');
    await expect(sharing.share(lines, { answer: 'overwrite', seen: old })).rejects.toBeInstanceOf(WikiConflict);
    await sharing.share(lines, { answer: 'overwrite', seen: await seenBy() });
    expect(sharing.body).toContain('All newer.');
  });

  it('is overwritten where a person says so', async () => {
    await sharing.share(['one', '2', 'three', 'four', 'five'], { answer: 'overwrite' });
    expect(sharing.body).toContain('one\n2\nthree');
    expect(sharing.body).not.toContain('Ada');
  });

  it('stays on the old page where a new one is made, with a marker of its own', async () => {
    const old = sharing.record!.pageId;
    sharing.marker = '01K9ZZZZZZZZZZZZZZZZZZZZZB';
    sharing.record = undefined;
    expect(await sharing.share(['one'], { title: 'Delays, again' })).toMatchObject({ outcome: 'created' });
    expect(sharing.record!.pageId).not.toBe(old);
    expect((await sharing.target.read(old))?.body).toContain('says Ada');
  });

  it('cannot be merged where both changed one line', async () => {
    const attempt = sharing.share(['one', '2', 'three', 'four', 'five'], { answer: 'merge' });
    await expect(attempt).rejects.toMatchObject({ change: { mergeable: false } });
  });

  it('that took a mark away loses nothing, even when it is overwritten', async () => {
    sharing.people.edit(sharing.record!.pageId, body => body.replace(/<!-- lakeside:end.*-->/, 'Written by Ada.'));
    await expect(sharing.share(['x'])).rejects.toMatchObject({ change: { mergeable: false } });
    await sharing.share(['x'], { answer: 'overwrite' });
    expect(sharing.body).toContain('Written by Ada.');
    expect(await sharing.share(['x'])).toMatchObject({ outcome: 'unchanged' });
  });
});

describe('killed at any step', () => {
  it('makes no second page and ends as if nothing had happened', async () => {
    const pictures = [picture('one'), picture('two')];
    await sharing.share(['a'], { attachments: pictures });
    const steps = sharing.passed.length;
    expect(steps).toBeGreaterThan(7);
    for (let step = 1; step <= steps; step++) {
      sharing = new Sharing();
      sharing.killAt = step;
      await expect(sharing.share(['a'], { attachments: pictures })).rejects.toBeInstanceOf(Killed);
      sharing.killAt = Infinity;
      await sharing.share(['a'], { attachments: pictures });
      expect(sharing.people.pages()).toHaveLength(1);
      expect(sharing.body).toContain('\na\n');
      expect(sharing.people.counts.uploads).toBe(2);
      expect(sharing.people.counts.edits).toBe(2);
    }
  });

  it('does not take its own half-done update for an edit of a person', async () => {
    await sharing.share(['a']);
    const saved = structuredClone(sharing.record);
    await sharing.share(['b']);
    for (let step = 1; step <= sharing.passed.length; step++) {
      sharing.record = structuredClone(saved);
      sharing.people.edit(saved!.pageId, () => sharing.body.replace('\nb\n', '\na\n'));
      sharing.killAt = step;
      await sharing.share(['b']).catch(() => undefined);
      sharing.killAt = Infinity;
      await sharing.share(['b']);
      expect(await sharing.share(['b'])).toMatchObject({ outcome: 'unchanged' });
      expect(sharing.body).toContain('\nb\n');
    }
  });
});
