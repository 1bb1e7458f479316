/** Puts secrets into notebooks, in every part and encoding in which they are found in the wild. */
import { codeCell, display, failure, markdownCell, notebookOf, stream } from '../notebooks.js';
import { kinds, type Planted } from './kinds.js';
import { Random } from './random.js';

type Members = Parameters<typeof notebookOf>[0][number];

/** A notebook with one secret in it. */
export interface PlantedNotebook {
  kind: string;
  carrier: string;
  notebook: ReturnType<typeof notebookOf>;
  /** No form of it may be left in a published copy. */
  forms: string[];
  part: string;
}

interface Carrier {
  part: string;
  cell?: (planted: Planted) => Members;
  metadata?: (planted: Planted) => Members;
  /** The secret as it stands there, where it is encoded. */
  form?: (planted: Planted) => string;
}

const html = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const base64 = (planted: Planted) => Buffer.from(planted.text).toString('base64');

/** Code among other lines; a cell magic stands first. */
function script(code: string): string {
  return `${code.startsWith('%%') ? '' : 'import os\n\n'}${code}\nprint("done")`;
}

/** Code as IPython colours it in a traceback: each name, sign and text apart. */
function coloured(code: string): string {
  return code.replace(/(["'])|([=(,{:])/g, (_, quote: string | undefined, sign: string) =>
    quote === undefined ? `\u001b[38;5;241m${sign}\u001b[39m` : `\u001b[38;5;124m${quote}\u001b[39m`
  );
}

export const carriers: Record<string, Carrier> = {
  source: { part: 'source', cell: p => codeCell(script(p.code ?? `key = """${p.text}"""`)) },
  markdown: { part: 'source', cell: p => markdownCell(`# How to connect\n\n\`\`\`\n${p.text}\n\`\`\`\n`) },
  stdout: { part: 'output', cell: p => codeCell('show()', [stream(`starting\n${p.text}\ndone\n`)]) },
  result: {
    part: 'output',
    cell: p =>
      codeCell('cfg', [
        { output_type: 'execute_result', execution_count: 1, metadata: {}, data: { 'text/plain': p.text } }
      ])
  },
  html: { part: 'output', cell: p => codeCell('cfg', [display({ 'text/html': `<pre>${html(p.text)}</pre>` })]) },
  'json output': {
    part: 'output',
    cell: p => codeCell('cfg', [display({ 'application/json': { rows: [{ note: p.text }] } })])
  },
  traceback: {
    part: 'traceback',
    cell: p =>
      codeCell('f()', [
        failure('ValueError', 'bad', [
          `\u001b[0;31mValueError\u001b[0m`,
          `----> 1 ${coloured(p.code ?? p.text)}\n      2 x`
        ])
      ])
  },
  'error message': {
    part: 'traceback',
    cell: p => codeCell('f()', [failure('OperationalError', `could not connect: ${p.text}`)])
  },
  metadata: { part: 'metadata', metadata: p => ({ papermill: { parameters: { note: p.text } } }) },
  'cell metadata': { part: 'metadata', cell: p => codeCell('x', [], { metadata: { settings: [p.text] } }) },
  attachment: {
    part: 'attachment',
    cell: p => markdownCell('see', { attachments: { 'notes.txt': { 'text/plain': p.text } } })
  },
  'attachment bytes': {
    part: 'attachment',
    cell: p => markdownCell('see', { attachments: { 'notes.bin': { 'application/octet-stream': base64(p) } } }),
    form: base64
  },
  'base64 in code': { part: 'source', cell: p => codeCell(`cfg = base64.b64decode("${base64(p)}")`), form: base64 },
  'base64 output': { part: 'output', cell: p => codeCell('show()', [stream(`data: ${base64(p)}\n`)]), form: base64 },
  'url-encoded': {
    part: 'source',
    cell: p => codeCell(`url = "https://example.com/callback?state=${encodeURIComponent(p.text)}"`),
    form: p => encodeURIComponent(p.secret)
  },
  'url-encoded output': {
    part: 'output',
    cell: p => codeCell('go()', [stream(`GET /login?next=${encodeURIComponent(p.text)} 302\n`)]),
    form: p => encodeURIComponent(p.secret)
  }
};

/** Every kind of secret in every carrier, `rounds` times with other values. */
export function* corpus(seed: number, rounds: number): Generator<PlantedNotebook> {
  const random = new Random(seed);
  for (let round = 0; round < rounds; round++)
    for (const [kind, make] of Object.entries(kinds))
      for (const [carrier, { part, cell, metadata, form }] of Object.entries(carriers)) {
        const planted = make(random);
        const filler = [markdownCell('# Report\n\nSome words.'), codeCell('df.head()', [stream('a  b\n1  2\n')])];
        const cells = cell ? [filler[0] as Members, cell(planted), filler[1] as Members] : filler;
        const notebook = notebookOf(cells, metadata?.(planted) ?? {});
        yield { kind, carrier, notebook, forms: [planted.secret, ...(form ? [form(planted)] : [])], part };
      }
}
