import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConfluenceTwin, type ConfluenceTwin } from '../../support/confluenceTwin/index.js';
import { EDITIONS } from '../../support/confluenceTwin/targets.js';

const macro = (name: string, inner = ''): string =>
  `<ac:structured-macro ac:name="${name}">${inner}</ac:structured-macro>`;
const code = (language: string): string =>
  macro(
    'code',
    `<ac:parameter ac:name="language">${language}</ac:parameter><ac:plain-text-body><![CDATA[x]]></ac:plain-text-body>`
  );

/** What the twin must refuse, and the word by which it says why. */
const refused: [string, string, RegExp][] = [
  ['a tag that is not closed', '<p>x', /unclosed|unexpected/i],
  ['tags that overlap', '<p><strong>x</p></strong>', /unexpected/i],
  ['an empty element of HTML', '<p>a<br>b</p>', /unexpected/i],
  ['a bare ampersand', '<p>a & b</p>', /entity|unclosed/i],
  ['a reference that nobody declared', '<p>&bogus;</p>', /entity/i],
  ['a character that XML does not have', '<p>\u0007</p>', /character/i],
  ['a prefix that nobody declared', '<p><x:y/></p>', /prefix|namespace/i],
  ['an attribute twice', '<p class="a" class="b">x</p>', /duplicate|attribute/i],
  ['the end of CDATA in a text', '<p>a ]]> b</p>', /]]>|character/i],
  ['a document type', '<!DOCTYPE html><p>x</p>', /document type|doctype/i],
  ['script', '<script>alert(1)</script>', /<script>/],
  ['style', '<style>p{}</style>', /<style>/],
  ['a picture of HTML', '<p><img src="x.png"/></p>', /<img>/],
  ['a caption', '<table><caption>x</caption><tbody><tr><td>1</td></tr></tbody></table>', /caption/],
  ['an event handler', '<p onclick="x()">x</p>', /onclick/],
  ['a script address', '<p><a href="javascript:alert(1)">x</a></p>', /address/],
  ['words between rows', '<table><tbody>x<tr><td>1</td></tr></tbody></table>', /words stand/],
  ['a block in a paragraph', '<p><ul><li>x</li></ul></p>', /may not stand/],
  ['a macro with a body in a heading', `<h1>${code('sql')}</h1>`, /may not stand|has a body/],
  [
    'a macro that is not there',
    macro('html', '<ac:plain-text-body><![CDATA[x]]></ac:plain-text-body>'),
    /no macro .{0,2}html/
  ],
  ['a parameter that a macro has not', macro('anchor', '<ac:parameter ac:name="x">y</ac:parameter>'), /no parameter/],
  [
    'a parameter twice',
    macro('expand', `${'<ac:parameter ac:name="title">y</ac:parameter>'.repeat(2)}<ac:rich-text-body/>`),
    /twice/
  ],
  ['a macro without its body', macro('expand'), /needs ac:rich-text-body/],
  ['a language that the macro does not colour', code('brainfuck'), /language/],
  [
    'a name of an attachment with a slash',
    '<p><ac:image><ri:attachment ri:filename="a/b.png"/></ac:image></p>',
    /attachment/
  ]
];

describe.each(EDITIONS)('%s is strict', edition => {
  let twin: ConfluenceTwin;
  beforeAll(async () => {
    twin = await startConfluenceTwin(edition);
  });
  afterAll(() => twin.close());

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(twin.url + path, {
      method,
      headers: {
        authorization: `Bearer ${twin.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers
      },
      ...(body !== undefined && { body: JSON.stringify(body) })
    });
    const text = await answer.text();
    return { status: answer.status, text };
  };
  const create = (title: string, body: string) => {
    const space = twin.store.spaces[0]!;
    return edition === 'cloud'
      ? call('POST', '/api/v2/pages', {
          spaceId: space.id,
          status: 'current',
          title,
          body: { representation: 'storage', value: body }
        })
      : call('POST', '/rest/api/content', {
          type: 'page',
          title,
          space: { key: space.key },
          body: { storage: { representation: 'storage', value: body } }
        });
  };
  const update = (id: string, number: number, title = 'Updated') => {
    const value = '<p>New.</p>';
    return edition === 'cloud'
      ? call('PUT', `/api/v2/pages/${id}`, {
          id,
          status: 'current',
          title,
          body: { representation: 'storage', value },
          version: { number }
        })
      : call('PUT', `/rest/api/content/${id}`, {
          type: 'page',
          title,
          version: { number },
          body: { storage: { representation: 'storage', value } }
        });
  };

  it.each(refused)('refuses %s and says why', async (name, body, why) => {
    const { status, text } = await create(`Refused ${name}`, body);
    expect(status).toBe(400);
    expect(text).toMatch(why);
    expect(twin.store.titled(twin.store.spaces[0]!, `Refused ${name}`)).toBeUndefined();
  });

  it('colours other languages than the other edition', async () => {
    const [mine, other] = edition === 'cloud' ? ['julia', 'yml'] : ['yml', 'julia'];
    expect((await create('Mine', code(mine))).status).toBe(200);
    expect((await create('Other', code(other))).text).toMatch(/language/);
  });

  it('has each title once in a space, whatever its letters, and again when it was thrown away', async () => {
    const page = twin.people.add('Once', '<p>x</p>');
    expect((await create('ONCE ', '<p>y</p>')).text).toMatch(/already exists/);
    twin.people.remove(page.id);
    expect((await create('Once', '<p>y</p>')).status).toBe(200);
    expect(() => twin.people.restore(page.id)).toThrow(/already exists/);
    expect((await create('x'.repeat(256), '<p>y</p>')).status).toBe(400);
    expect((await create('  ', '<p>y</p>')).status).toBe(400);
  });

  it('takes the next version alone, and none of a page in the trash', async () => {
    const { id } = twin.people.add('Versions', '<p>x</p>');
    for (const number of [0, 1, 3]) {
      const { status, text } = await update(id, number);
      expect([number, status]).toEqual([number, 409]);
      expect(text).toMatch(/Version must be incremented/);
    }
    expect((await update(id, 2)).status).toBe(200);
    twin.people.remove(id);
    expect((await update(id, 3)).status).toBe(404);
  });

  it('writes a page in its own words', async () => {
    const { id } = twin.people.add(
      'Words',
      '<p>Gr\u00fc\u00dfe<br/>\u00bbx\u00ab</p>\n<!-- gone --><hr/>' + code('sql')
    );
    const body = twin.people.body(id);
    expect(body).toContain('Gr&uuml;&szlig;e<br />');
    expect(body).toMatch(/ac:macro-id="[0-9a-f-]{36}"/);
    expect(body).not.toContain('gone');
    twin.people.edit(id, given => given, { byEditor: true });
    expect(twin.people.body(id)).toMatch(edition === 'cloud' ? /local-id="/ : /class="auto-cursor-target"/);
    // Saved again as it is, it stays as it is.
    const settled = twin.people.body(id);
    twin.people.edit(id, given => given, { byEditor: true });
    expect(twin.people.body(id)).toBe(settled);
  });

  it('has an attachment of a name once, and takes no form of another site', async () => {
    const { id } = twin.people.add('Files', '<p>x</p>');
    const send = async (headers: Record<string, string>, name = 'nb-1.png') => {
      const form = new FormData();
      form.set('file', new Blob([new Uint8Array([1])]), name);
      const answer = await fetch(`${twin.url}/rest/api/content/${id}/child/attachment`, {
        method: 'POST',
        headers: { authorization: `Bearer ${twin.token}`, ...headers },
        body: form
      });
      return { status: answer.status, text: await answer.text() };
    };
    expect(await send({})).toMatchObject({ status: 403, text: expect.stringContaining('XSRF') });
    expect((await send({ 'x-atlassian-token': 'no-check' })).status).toBe(200);
    expect(await send({ 'x-atlassian-token': 'nocheck' })).toMatchObject({
      status: 400,
      text: expect.stringContaining('same file name')
    });
    expect((await send({ 'x-atlassian-token': 'no-check' }, 'a&b.png')).status).toBe(400);
  });

  it('lets nobody in without its token, and knows the paths of its own edition alone', async () => {
    const bare = await fetch(`${twin.url}/rest/api/user/current`);
    expect(bare.status).toBe(401);
    const basic = Buffer.from(`${twin.user}:${twin.token}`).toString('base64');
    const named = await call('GET', '/rest/api/user/current', undefined, { authorization: `Basic ${basic}` });
    expect(named.status).toBe(edition === 'cloud' ? 200 : 401);
    expect((await call('GET', '/api/v2/spaces')).status).toBe(edition === 'cloud' ? 200 : 404);
    expect((await call('GET', '/rest/api/space')).status).toBe(edition === 'cloud' ? 410 : 200);
    const huge = await create('Huge', `<p>${'x'.repeat(6 * 1024 * 1024)}</p>`);
    expect(huge.status).toBe(413);
  });
});
