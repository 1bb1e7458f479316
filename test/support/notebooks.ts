/** Notebooks for tests: ordinary ones, and generated ones that a reader must survive. */
import fc from 'fast-check';

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
type Members = { [key: string]: Value };

/** A red picture of 2 × 1 pixels, as base64. */
export const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEElEQVR4nGP4z8DwHwQZAAYIAQHq8ZcJAAAAAElFTkSuQmCC';

export function markdownCell(source: string, more: Members = {}): Members {
  return { cell_type: 'markdown', metadata: {}, source, ...more };
}

export function codeCell(source: string, outputs: Value[] = [], more: Members = {}): Members {
  return { cell_type: 'code', execution_count: 1, metadata: {}, source, outputs, ...more };
}

export function stream(text: string, name = 'stdout'): Members {
  return { output_type: 'stream', name, text };
}

export function display(data: Members, metadata: Members = {}): Members {
  return { output_type: 'display_data', data, metadata };
}

export function failure(ename: string, evalue: string, traceback: string[] = []): Members {
  return { output_type: 'error', ename, evalue, traceback };
}

/** A notebook of nbformat 4.5 around some cells; cells without an id get one. */
export function notebookOf(cells: Members[], metadata: Members = {}): Members {
  return {
    cells: cells.map((cell, at) => ({ id: `cell-${at}`, ...cell })),
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' },
      language_info: { name: 'python', version: '3.11.7' },
      ...metadata
    },
    nbformat: 4,
    nbformat_minor: 5
  };
}

/** The bytes of a notebook file as Jupyter would indent it. */
export function notebookBytes(notebook: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(notebook, undefined, 1)}\n`);
}

export interface ExampleOptions {
  title?: string;
  /** Written into `metadata.lakeside.id`. */
  id?: string;
  /** Written into a cell, so that two examples differ. */
  remark?: string;
  /** How many code cells with a table and a picture. */
  parts?: number;
}

/** A small notebook with prose, mathematics, code, a table, a picture and a table read. */
export function exampleNotebook(options: ExampleOptions = {}): Members {
  const parts = Array.from({ length: options.parts ?? 1 }, (_, part) => [
    markdownCell(`## Part ${part + 1}\n\nThe mean is $\\bar x = \\frac1n \\sum_i x_i$. ${options.remark ?? ''}`),
    codeCell(`import pandas as pd\ndf = pd.read_sql("select * from sales.orders", connection)\ndf.head(${part + 1})`, [
      display({ 'text/html': tableHtml(part + 2), 'text/plain': '   a\n0  1' }),
      display({ 'image/png': `${PICTURE}\n`, 'text/plain': '<Figure size 640x480 with 1 Axes>' })
    ])
  ]).flat();
  return notebookOf(
    [markdownCell(`# ${options.title ?? 'An example'}\n\nWith *words* and a [link](https://example.org/).`), ...parts],
    options.id === undefined ? {} : { lakeside: { id: options.id } }
  );
}

function tableHtml(rows: number): string {
  const body = Array.from({ length: rows }, (_, row) => `<tr><th>${row}</th><td>${row * row}</td></tr>`).join('\n');
  return `<div>\n<table border="1" class="dataframe">\n<thead><tr style="text-align: right;"><th></th><th>a</th></tr></thead>\n<tbody>${body}</tbody></table>\n</div>`;
}

/* ------------------------------------------------------------------ generated notebooks */

/** Texts that break careless readers. */
const nastyText = fc.constantFrom(
  '',
  '\ud800',
  'a\udfff b',
  '__proto__',
  'constructor',
  '<script>alert(1)</script>',
  '$\\frac{1}{',
  '\u001b[31mred\u001b[',
  'x\r\n\r\u0008\u0008y',
  '| a |\n|---|\n| 1',
  '# One\n## Two\n```py\nunclosed',
  '[x](javascript:alert(1)) ![p](attachment:a.png)',
  '<table><tr><td>1</td></tr></table>',
  '<div><b>open',
  '\u202e\u2066',
  '\u0000',
  '日本語 한국어',
  '%%sql\nselect * from a.b join "c"',
  'import a, b as c\nfrom d.e import f',
  '[[['.repeat(40),
  '> '.repeat(60) + 'deep',
  '$$ \\begin{align} a &= b \\\\ \\end{align} $$'
);
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: nastyText }
);
const lines = fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: fc.array(text, { maxLength: 4 }) });
/** `@@NaN@@` and its like become bare words and numbers in the file. */
const oddNumber = fc.constantFrom(
  '@@NaN@@',
  '@@Infinity@@',
  '@@-Infinity@@',
  '@@1.0@@',
  '@@-0@@',
  '@@1e400@@',
  '@@12345678901234567890@@'
);
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: oddNumber },
  { weight: 1, arbitrary: text }
);
/** Mostly what the format wants, now and then anything. */
const mostly = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: anyValue });
/** As `mostly`, for parts that make the whole unreadable. */
const rarely = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 60, arbitrary: right }, { weight: 1, arbitrary: anyValue });
const members = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .tuple(fc.record(shape, { requiredKeys: [] }), fc.dictionary(text, anyValue, { maxKeys: 1 }))
    .map(([known, more]) => ({
      ...more,
      ...known
    }));

const base64 = fc.oneof(fc.constant(PICTURE), fc.constant(`${PICTURE}\n`), fc.base64String(), text);
const html = fc.oneof(
  text,
  fc.constant(tableHtml(3)),
  fc.constant('<style>#T_a{color:red}</style><table id="T_a"><tr><th>h</th></tr><tr><td id="T_a">1</td></tr></table>'),
  fc.constant('<svg onload=x><g><path d="M0 0"/></g></svg>'),
  fc.constant('<div class="plotly-graph-div"></div><script>Plotly.newPlot()</script>'),
  fc.constant('<iframe src="https://example.org"></iframe><audio controls></audio>')
);
const bundle = members({
  'text/plain': mostly(lines),
  'text/html': mostly(html),
  'text/markdown': mostly(lines),
  'text/latex': mostly(lines),
  'image/png': mostly(base64),
  'image/svg+xml': mostly(html),
  'application/json': anyValue,
  'application/javascript': mostly(lines),
  'application/vnd.plotly.v1+json': mostly(members({ data: anyValue, layout: anyValue })),
  'application/vnd.vegalite.v5+json': mostly(members({ title: anyValue, data: anyValue })),
  'application/vnd.jupyter.widget-view+json': mostly(members({ model_id: text })),
  'application/vnd.bokehjs_exec.v0+json': anyValue
});
const output = mostly(
  fc.oneof(
    members({
      output_type: fc.constant('stream'),
      name: mostly(fc.constantFrom('stdout', 'stderr')),
      text: mostly(lines)
    }),
    members({
      output_type: fc.constantFrom('display_data', 'execute_result'),
      data: mostly(bundle),
      metadata: mostly(bundle),
      execution_count: anyValue
    }),
    members({
      output_type: fc.constant('error'),
      ename: mostly(text),
      evalue: mostly(text),
      traceback: mostly(fc.array(text, { maxLength: 3 }))
    })
  )
);
const cell = members({
  id: mostly(fc.constantFrom('a', 'b', 'c')),
  cell_type: mostly(fc.constantFrom('markdown', 'code', 'code', 'raw')),
  source: mostly(lines),
  metadata: mostly(members({ tags: anyValue, jupyter: anyValue, collapsed: fc.boolean() })),
  attachments: mostly(fc.dictionary(text, bundle, { maxKeys: 2 })),
  outputs: mostly(fc.array(output, { maxLength: 3 })),
  execution_count: anyValue
});
const oldCell = members({
  cell_type: mostly(fc.constantFrom('code', 'markdown', 'heading', 'html', 'raw')),
  input: mostly(lines),
  source: mostly(lines),
  level: mostly(fc.integer({ min: 0, max: 9 })),
  prompt_number: anyValue,
  collapsed: fc.boolean(),
  language: fc.constant('python'),
  outputs: mostly(
    fc.array(
      members({
        output_type: fc.constantFrom('pyout', 'pyerr', 'stream', 'display_data'),
        text: mostly(lines),
        html: mostly(html),
        png: mostly(base64),
        stream: text,
        prompt_number: anyValue
      }),
      { maxLength: 2 }
    )
  )
});
const metadata = mostly(
  members({
    kernelspec: mostly(
      members({ name: text, display_name: text, language: fc.constantFrom('python', 'R', 'julia', 'sql') })
    ),
    language_info: mostly(members({ name: fc.constantFrom('python', 'R', 'julia', 'scala'), version: text })),
    lakeside: mostly(members({ id: text })),
    widgets: anyValue
  })
);

/** The text of a generated notebook file, nbformat 3 to 4.5: usually readable, often wrong somewhere. */
export function arbitraryNotebook(): fc.Arbitrary<string> {
  const modern = fc.record(
    {
      cells: mostly(fc.array(rarely(cell), { maxLength: 5 })),
      metadata,
      nbformat: fc.oneof({ weight: 12, arbitrary: fc.constant(4) }, { weight: 1, arbitrary: anyValue }),
      nbformat_minor: mostly(fc.integer({ min: 0, max: 7 }))
    },
    { requiredKeys: ['cells'] }
  );
  const old = fc.record({
    worksheets: mostly(
      fc.array(mostly(members({ cells: mostly(fc.array(mostly(oldCell), { maxLength: 4 })) })), { maxLength: 2 })
    ),
    metadata,
    nbformat: fc.constantFrom(3, 3, 3, 2, 1),
    nbformat_minor: fc.constant(0)
  });
  return fc
    .tuple(fc.oneof({ weight: 4, arbitrary: modern }, { weight: 1, arbitrary: old }), fc.constantFrom(0, 1))
    .map(([notebook, indent]) => JSON.stringify(notebook, undefined, indent).replace(/"@@([^"@]+)@@"/g, '$1'));
}

/** A change to the bytes of a file; places are shares of its length, from 0 to 1. */
export type Edit =
  | { kind: 'cut'; at: number }
  | { kind: 'flip'; at: number; mask: number }
  | { kind: 'delete'; at: number; length: number }
  | { kind: 'repeat'; at: number; length: number; times: number }
  | { kind: 'insert'; at: number; bytes: Uint8Array }
  | { kind: 'nest'; at: number; depth: number };

export function arbitraryEdits(): fc.Arbitrary<Edit[]> {
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  const token = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ',',
      ':',
      'NaN',
      '-',
      '1e999',
      '\\u d800',
      '\ufeff',
      '\u0000',
      '<<<<<<< HEAD\n',
      '"__proto__":{},'
    ].map(word => Buffer.from(word))
  );
  return fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('cut' as const), at }),
      fc.record({ kind: fc.constant('flip' as const), at, mask: fc.integer({ min: 1, max: 255 }) }),
      fc.record({ kind: fc.constant('delete' as const), at, length: fc.integer({ min: 1, max: 40 }) }),
      fc.record({
        kind: fc.constant('repeat' as const),
        at,
        length: fc.integer({ min: 1, max: 60 }),
        times: fc.integer({ min: 1, max: 200 })
      }),
      fc.record({ kind: fc.constant('insert' as const), at, bytes: fc.oneof(token, fc.uint8Array({ maxLength: 8 })) }),
      fc.record({ kind: fc.constant('nest' as const), at, depth: fc.constantFrom(10, 600, 5000) })
    ),
    { minLength: 1, maxLength: 4 }
  );
}

/** A file with changes applied one after the other. */
export function mutateBytes(bytes: Buffer, edits: readonly Edit[]): Buffer {
  return edits.reduce(mutate, bytes);
}

function mutate(bytes: Buffer, edit: Edit): Buffer {
  const at = Math.floor(edit.at * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (edit.kind) {
    case 'cut':
      return before;
    case 'flip': {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy[at] = (copy[at] as number) ^ edit.mask;
      return copy;
    }
    case 'delete':
      return Buffer.concat([before, after.subarray(edit.length)]);
    case 'repeat':
      return Buffer.concat([
        before,
        ...Array.from({ length: edit.times }, () => after.subarray(0, edit.length)),
        after
      ]);
    case 'insert':
      return Buffer.concat([before, edit.bytes, after]);
    case 'nest':
      return Buffer.concat([before, Buffer.from('['.repeat(edit.depth)), Buffer.from(']'.repeat(edit.depth)), after]);
  }
}

/** Generated files, half of them damaged. */
export function arbitraryFile(): fc.Arbitrary<Buffer> {
  const whole = arbitraryNotebook().map(notebook => Buffer.from(notebook));
  return fc.oneof(
    { weight: 1, arbitrary: whole },
    { weight: 1, arbitrary: fc.tuple(whole, arbitraryEdits()).map(([bytes, edits]) => mutateBytes(bytes, edits)) }
  );
}
