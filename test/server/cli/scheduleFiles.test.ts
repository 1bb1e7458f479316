import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readScheduleFile } from '../../../server/schedule/file/read.js';
import { lakeside as start, pythonVariables } from '../../support/cli/lakeside.js';
import { codeCell, notebookOf } from '../../support/notebooks.js';
import { scratch } from '../../support/scratch.js';

let folder: string;
beforeEach(() => {
  folder = scratch('lakeside-schedule-files');
});

const lakeside = (...args: string[]) => start(folder, ['schedule', ...args], pythonVariables);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function writeNotebook(name: string, parameters?: string): void {
  const cells = [
    ...(parameters === undefined ? [] : [codeCell(parameters, [], { metadata: { tags: ['parameters'] } })]),
    codeCell('print(1)')
  ];
  write(name, JSON.stringify(notebookOf(cells)));
}

const good = (name: string): string => `
  - name: ${name}
    notebook: { path: a.ipynb }
    when: { cron: 30 7 * * 1-5, zone: Europe/Paris }`;

describe('lakeside schedule init', () => {
  test('writes what can be read again, with every parameter that can be written', async () => {
    writeNotebook(
      'Délais #1.ipynb',
      [
        'n = 3  # rows to read',
        'day = "2026-11-21"',
        `text = "it's \\n: # {{"`,
        'mode = "fast"  # one of: fast, exact',
        'odd = "{{ nothing }}"',
        'since = compute()',
        'api_token = ""',
        'many = {"a": [1, 2.5, None, True], "b: c": "yes"}',
        'none = None',
        'big = 12345678901234567890'
      ].join('\n')
    );
    const { code, out, err } = await lakeside('init', 'Délais #1.ipynb');
    expect(err).toBe('');
    expect({ code, out: out.split('\n')[0] }).toEqual({ code: 0, out: join(folder, 'lakeside.yml') });
    const text = read('lakeside.yml');
    const [spec] = readScheduleFile('lakeside.yml', text);
    expect(spec).toMatchObject({
      name: 'Délais #1',
      notebook: { path: 'Délais #1.ipynb' },
      when: { cron: '30 7 * * 1-5', zone: 'UTC' }
    });
    expect(spec?.parameters).toEqual({
      n: 3,
      day: '2026-11-21',
      text: "it's \n: # {{",
      mode: 'fast',
      many: { a: [1, 2.5, null, true], 'b: c': 'yes' },
      none: null
    });
    expect(text).toContain('# int. rows to read');
    expect(text).toContain('# one of fast, exact');
    expect(text).toContain('# api_token: { $env: NAME_OF_A_VARIABLE }');
    expect(text).toContain('the notebook works it out: compute()');
    expect(await lakeside('validate', 'lakeside.yml')).toMatchObject({ code: 0 });
  });

  test('never writes over a file', async () => {
    writeNotebook('a.ipynb');
    write('lakeside.yml', 'mine');
    const { code, err } = await lakeside('init', 'a.ipynb');
    expect(err).toMatch(/exists already/);
    expect(code).toBe(2);
    expect(read('lakeside.yml')).toBe('mine');
    expect(readdirSync(folder).sort()).toEqual(['a.ipynb', 'lakeside.yml']);
  });

  test('a notebook in a folder, one outside, none, and one that is no notebook', async () => {
    mkdirSync(join(folder, 'nb'));
    writeNotebook('nb/a.ipynb');
    expect(await lakeside('init', 'nb/a.ipynb', '--json')).toMatchObject({ code: 0 });
    expect(readScheduleFile('f', read('lakeside.yml'))[0]?.notebook.path).toBe('nb/a.ipynb');
    const outside = await lakeside('init', 'nb/a.ipynb', '--out', 'other/lakeside.yml');
    expect(outside).toMatchObject({ code: 2, err: expect.stringContaining('does not lie below') });
    expect(await lakeside('init', '--out', 'empty.yml')).toMatchObject({ code: 0 });
    expect(readScheduleFile('f', read('empty.yml'))).toHaveLength(1);
    write('no.ipynb', 'hello');
    expect(await lakeside('init', 'no.ipynb', '--out', 'no.yml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no.ipynb')
    });
    expect(readdirSync(folder)).not.toContain('no.yml');
  });
});

describe('lakeside schedule validate', () => {
  test('says of each schedule whether it is right, with line, key and cure', async () => {
    writeNotebook('a.ipynb');
    write('good.yml', `schedules:${good('One')}${good('Two')}\n`);
    const bad = good('Bad').replace('30 7', '75 7');
    const lost = good('Lost').replace('a.ipynb', 'b.ipynb');
    write('bad.yml', `schedules:${good('One')}${bad}${lost}${good('Four')}\n`);
    const { code, out } = await lakeside('validate', 'good.yml', 'bad.yml', 'missing.yml');
    expect(code).toBe(2);
    expect(out.trim().split('\n')).toEqual([
      'good.yml: 2 schedules, all right',
      expect.stringMatching(/^bad\.yml, line 7: schedules\.1\.when\.cron minute: "75" must be a number from 0 to 59/),
      expect.stringMatching(/^bad\.yml, line 9: schedules\.2\.notebook\.path names b\.ipynb/),
      'bad.yml: 2 of 4 schedules right; not right: "Bad" (line 5), "Lost" (line 8)',
      expect.stringMatching(/^missing\.yml cannot be read/)
    ]);
    const json = JSON.parse((await lakeside('validate', 'bad.yml', '--json')).out) as { files: object[] };
    expect(json.files[0]).toMatchObject({
      schedules: [{ ok: true }, { name: 'Bad', ok: false }, { ok: false }, { ok: true }],
      errors: [{ field: 'schedules.1.when.cron' }, { field: 'schedules.2.notebook.path' }]
    });
  });
});

describe('lakeside schedule import', () => {
  const dag = `dag_id: delays_daily
owner: ada
start_date: 2026-01-01
schedule_interval: "0 7 * * *"
timezone: Europe/Paris
catchup: false
retries: 2
retry_delay: 300
tags: [delays, daily]
pool: small
notebook_name: delays
parameters:
  day: "{{ ds }}"
  title: "Delays as of {{ ds_nodash }}, {{ macros.ds_add(ds, -1) }} of {{ dag.dag_id }}"
  rows: 100
`;

  test('makes a file that is right, and says what stays behind', async () => {
    writeNotebook('delays.ipynb');
    write('dag.yml', dag);
    const { code, out, err } = await lakeside('import', 'dag.yml', '--out', 'lakeside.yml');
    expect(err).toMatch(/dag\.yml, line 10: pool is not carried over/);
    expect(err).toMatch(/line 7: retries means here/);
    expect({ code, out }).toEqual({ code: 0, out: `${join(folder, 'lakeside.yml')}\n` });
    expect(readScheduleFile('f', read('lakeside.yml'))).toMatchObject([
      {
        name: 'delays_daily',
        owner: 'ada',
        notebook: { path: 'delays.ipynb' },
        when: { cron: '0 7 * * *', zone: 'Europe/Paris', start: '2026-01-01' },
        policy: { catchUp: 'none', retries: 2, retryDelay: '300s' },
        tags: ['delays', 'daily'],
        parameters: {
          day: '{{ ds }}',
          title: 'Delays as of {{ ds_nodash }}, {{ yesterday_ds }} of {{ schedule_name }}',
          rows: 100
        }
      }
    ]);
    expect(await lakeside('validate', 'lakeside.yml')).toMatchObject({ code: 0 });
    expect(await lakeside('import', 'dag.yml', '--out', 'lakeside.yml')).toMatchObject({ code: 2 });
  });

  test.each([
    [dag.replace('"0 7 * * *"', 'null'), /line 4: schedule_interval has no times/],
    [dag.replace('"0 7 * * *"', '"@once"'), /line 4: schedule_interval has no times/],
    [dag.replace('"0 7 * * *"', '"0 7 * * 1#2"'), /line 4: schedule_interval day of the week/],
    [dag.replace('{{ ds }}', '{{ var.value.day }}'), /line 13: parameters\.day holds \{\{ var\.value\.day \}\}/],
    [dag.replace('Europe/Paris', 'Europe/Pariss'), /line 5: timezone must be the name/],
    [dag.replace('2026-01-01', 'days_ago(1)'), /line 3: start_date must be a day/],
    [dag.replace('dag_id: delays_daily\n', ''), /dag_id is missing/],
    [`- ${dag.trim().replaceAll('\n', '\n  ')}\n- ${dag.trim().replaceAll('\n', '\n  ')}\n`, /comes twice/],
    ['just text', /must be/]
  ])('refuses what would become another schedule %#', async (text, sentence) => {
    write('dag.yml', text);
    const { code, err, out } = await lakeside('import', 'dag.yml', '--out', 'lakeside.yml');
    expect(err).toMatch(sentence);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(readdirSync(folder)).toEqual(['dag.yml']);
  });
});
