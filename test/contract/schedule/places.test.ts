import { describe, expect, it } from 'vitest';
import { referenceOf } from '../../../contract/schedule/places.js';
import { ScheduleSpec } from '../../../contract/schedule/spec.js';

const ID = '01JD7Z3QK8M5R2V9XWY4T6B0AC';
const VERSION = '01JD7Z3QK8M5R2V9XWY4T6B0AD';

function faults(more: object): string[] {
  const base = { name: 'Morning', notebook: { path: 'a.ipynb' }, when: { cron: '@daily' } };
  const { error } = ScheduleSpec.safeParse({ ...base, ...more });
  return error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
}
const ofNotebook = (path: string) => faults({ notebook: { path } });
const ofOutput = (output: string) => faults({ output });

describe('the notebook of a schedule', () => {
  it.each([
    ['reports/a.ipynb', undefined],
    [`share://${ID}`, { kind: 'share', notebookId: ID }],
    [`share://${ID}@12`, { kind: 'share', notebookId: ID, version: '12' }],
    [`share://${ID}@${VERSION}`, { kind: 'share', notebookId: ID, version: VERSION }],
    ['s3://team/a.ipynb', { kind: 's3', bucket: 'team', key: 'a.ipynb' }],
    [
      's3://team.data/été/weekly report #2.ipynb',
      { kind: 's3', bucket: 'team.data', key: 'été/weekly report #2.ipynb' }
    ]
  ])('may be %s', (path, reference) => {
    expect(ofNotebook(path)).toEqual([]);
    expect(referenceOf(path)).toEqual(reference);
  });

  it.each([
    ['share://', 'share:// and the id of a notebook'],
    ['share://a.ipynb', 'share:// and the id of a notebook'],
    [`share://${ID}@0`, 'share:// and the id of a notebook'],
    [`share://${ID}@latest`, 'share:// and the id of a notebook'],
    [`share://${ID}/x.ipynb`, 'share:// and the id of a notebook'],
    ['https://example.org/a.ipynb', 'must be a path, share://'],
    ['file:///etc/a.ipynb', 'must be a path, share://'],
    ['S3://team/a.ipynb', 'must be a path, share://'],
    ['s3://team', 'must end in .ipynb'],
    ['s3://team/a.txt', 'must end in .ipynb'],
    ['s3://team.ipynb', 'must have the name of a bucket and a key'],
    ['s3://te_am$/a.ipynb', 'must have the name of a bucket and a key'],
    ['s3://team/../other/a.ipynb', 'must not lead out'],
    ['s3://team//a.ipynb', 'must not have an empty part'],
    ['s3://team/./a.ipynb', 'must not have an empty part'],
    ['s3://team/a\nb.ipynb', 'must not hold control characters'],
    ['a.ip\0ynb', 'must not hold a NUL character']
  ])('may not be %j', (path, sentence) => {
    expect(ofNotebook(path).join()).toContain(
      `notebook.path ${sentence.startsWith('must') ? '' : 'must be '}${sentence}`
    );
    expect(ofNotebook(path)).toHaveLength(1);
  });
});

describe('the output of a schedule', () => {
  it.each(['runs/{{ run_id }}/', 's3://team/{{ schedule_id }}/{{ run_id }}/', 's3://team/runs'])(
    'may be %s',
    output => {
      expect(ofOutput(output)).toEqual([]);
    }
  );

  it.each([
    ['s3://team', 'must have the name of a bucket'],
    ['s3://team/', 'must have the name of a bucket'],
    ['s3://{{ owner }}/runs/', 'must have the name of a bucket'],
    ['s3://team/runs//{{ run_id }}', 'must not have an empty part'],
    ['s3://team/runs/../..', 'must not lead out'],
    [`share://${ID}`, 'must be a folder, or s3://'],
    ['gs://team/runs', 'must be a folder, or s3://']
  ])('may not be %s', (output, sentence) => {
    expect(ofOutput(output)).toEqual([expect.stringContaining(`output ${sentence}`)]);
  });
});
