import type { Page } from '@playwright/test';
import type { Schema, Source, TableDetail } from '../../../contract/tables/index.js';

const API = '**/lakeside/api/v1/tables';

/** Gives every table code in SQL and pandas, which tables that are made up do not have. */
export async function withCode(page: Page): Promise<void> {
  await page.route(`${API}/sources/*/table?*`, async route => {
    const answer = await route.fetch();
    if (!answer.ok()) return route.fulfill({ response: answer });
    const detail = (await answer.json()) as TableDetail;
    const { name } = detail;
    const select = `SELECT * FROM "${name}" LIMIT 100`;
    detail.snippets = [
      { dialect: 'sql', label: '%%sql', code: `%%sql ${name} --source demo\n${select}\n`, language: 'python' },
      { dialect: 'pandas', label: 'pandas', code: `import pandas\n\n${name} = 1\n`, language: 'python' },
      { dialect: 'sql', label: 'SQL', code: `${select};\n`, language: 'sql' }
    ];
    return route.fulfill({ response: answer, json: detail });
  });
}

/** Answers for the list of sources, and for the schemas of one, with what is given. */
export async function withSources(page: Page, sources: Source[], schemas: Schema[] = []): Promise<void> {
  await page.route(`${API}/sources*`, route => route.fulfill({ json: { sources } }));
  await page.route(`${API}/sources/*/schemas*`, route => route.fulfill({ json: { schemas } }));
}

/** A source that the list of sources tells of. */
export function sourceOf(id: string, label: string, index: Partial<Source['index']> = {}): Source {
  return {
    id,
    label,
    kind: 'postgresql',
    description: '',
    origin: 'configuration',
    index: { state: 'ready', asOf: new Date().toISOString(), schemas: 1, tables: 3, columns: 9, ...index }
  };
}
