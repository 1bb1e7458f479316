import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const sources = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.ts', '*.tsx', '*.mts', '*.mjs', '*.py', '*.css'],
  { encoding: 'utf8' }
)
  .split('\n')
  .filter(Boolean)
  .map(file => ({ file, text: read(file) }));

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const offenders = (of: (source: { file: string; text: string }) => boolean): string[] =>
  sources.filter(of).map(source => source.file);

describe('the house', () => {
  test('no file has more than 400 lines', () => {
    expect(offenders(({ text }) => text.split('\n').length > 401)).toEqual([]);
  });

  test('the environment is read in server/config.ts alone', () => {
    expect(
      offenders(
        ({ file, text }) => /^server\//.test(file) && file !== 'server/config.ts' && text.includes('process.env')
      )
    ).toEqual([]);
  });

  test('no test is skipped or exclusive', () => {
    const mark = new RegExp(
      String.raw`\b(it|test|describe)\.(skip|todo|only|fixme)\b|pytest\.mark\.(skip|xfail)|pytest\.skip\(`
    );
    expect(offenders(({ file, text }) => /^test\//.test(file) && mark.test(text))).toEqual([]);
  });

  test('nothing is left for later', () => {
    const mark = new RegExp(['TODO', 'FIXME', 'XXX', 'raise NotImplementedError'].join('|'));
    expect(offenders(({ file, text }) => !file.startsWith('test/house/') && mark.test(text))).toEqual([]);
  });

  test('src/index.ts lists plugins and nothing else', () => {
    const index = read('src/index.ts');
    expect(index).toMatch(/export default/);
    expect(index.split('\n').length).toBeLessThan(60);
  });
});
