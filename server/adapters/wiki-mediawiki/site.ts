import * as z from 'zod';
import type { WikiFeatures, WikiPicture, WikiStanding } from '../../share/wiki/ports.js';
import type { MediaWikiSession } from './session.js';

const Namespace = z.object({ id: z.number(), name: z.string(), canonical: z.string().optional(), case: z.string() });
const SiteInfo = z.object({
  query: z.object({
    general: z.object({
      sitename: z.string(),
      generator: z.string(),
      uploadsenabled: z.boolean().default(false),
      maxarticlesize: z.number().default(2 * 1024 * 1024),
      maxuploadsize: z.number().default(100 * 1024 * 1024)
    }),
    namespaces: z.record(z.string(), Namespace),
    namespacealiases: z.array(z.object({ alias: z.string() })).default([]),
    interwikimap: z.array(z.object({ prefix: z.string() })).default([]),
    extensions: z.array(z.object({ name: z.string().optional() })).default([]),
    extensiontags: z.array(z.string()).default([]),
    fileextensions: z.array(z.object({ ext: z.string() })).default([]),
    userinfo: z.object({ name: z.string(), rights: z.array(z.string()), blockedby: z.string().optional() })
  })
});
const Parsed = z.object({ parse: z.object({ text: z.string() }) });

const PICTURES: Record<string, WikiPicture> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp'
};
/** Namespaces that hold no pages of text: talk, files, messages, templates, help, categories. */
const UNFIT = new Set([6, 8, 10, 12, 14]);
const OLDEST = 1.39;

/** What Lakeside knows of a MediaWiki and of its own account there. */
export interface Site {
  standing: WikiStanding;
  /** Names of the namespaces in which pages can be made, by number; the main one has none. */
  namespaces: Map<string, string>;
  /** What before a colon would make a title mean something else; lower case. */
  prefixes: Set<string>;
  /** Whether it searches with CirrusSearch, which looks into the source only when asked to. */
  cirrus: boolean;
}

/** Looks around in a MediaWiki. Writes nothing. */
export async function lookAround(session: MediaWikiSession, signal?: AbortSignal): Promise<Site> {
  const { query } = await session.get(
    SiteInfo,
    {
      action: 'query',
      meta: 'siteinfo|userinfo',
      siprop: 'general|namespaces|namespacealiases|interwikimap|extensions|extensiontags|fileextensions',
      uiprop: 'rights|blockinfo'
    },
    { signal }
  );
  const has = (tag: string): boolean => query.extensiontags.includes(`<${tag}>`);
  const pictures = new Set(query.fileextensions.flatMap(({ ext }) => PICTURES[ext.toLowerCase()] ?? []));
  const features: WikiFeatures = {
    dialect: 'mediawiki',
    maths: has('math') && (await setsFormulas(session, signal)) ? 'native' : 'source',
    collapsible: true,
    highlights: has('syntaxhighlight'),
    pictures: query.general.uploadsenabled ? [...pictures] : [],
    attachments: 'wiki',
    spaces: true,
    parents: true,
    tags: true,
    compareAndSet: 'merging',
    maxBodyBytes: query.general.maxarticlesize,
    maxAttachmentBytes: query.general.maxuploadsize
  };
  const names = Object.values(query.namespaces);
  return {
    standing: {
      features,
      account: query.userinfo.name,
      software: query.general.generator,
      lacks: lacksOf(query, features)
    },
    namespaces: new Map(
      names.filter(({ id }) => id >= 0 && id % 2 === 0 && !UNFIT.has(id)).map(({ id, name }) => [String(id), name])
    ),
    prefixes: new Set(
      [
        ...names.flatMap(({ name, canonical }) => [name, canonical ?? '']),
        ...query.namespacealiases.map(({ alias }) => alias),
        ...query.interwikimap.map(({ prefix }) => prefix)
      ]
        .filter(name => name !== '')
        .map(name => name.toLowerCase())
    ),
    cirrus: query.extensions.some(({ name }) => name === 'CirrusSearch')
  };
}

/** Many wikis know the tag and have no service behind it: then a red error stands in the place of each formula. */
async function setsFormulas(session: MediaWikiSession, signal: AbortSignal | undefined): Promise<boolean> {
  const parameters = {
    action: 'parse',
    text: '<math>x^2</math>',
    contentmodel: 'wikitext',
    prop: 'text',
    disablelimitreport: '1'
  };
  const { parse } = await session.ask(Parsed, parameters, { signal });
  return !/class=["'][^"']*error/.test(parse.text) && parse.text.includes('x^2');
}

function lacksOf({ general, userinfo }: z.infer<typeof SiteInfo>['query'], features: WikiFeatures): string[] {
  const version = Number(/(\d+\.\d+)/.exec(general.generator)?.[1] ?? '0');
  const may = (right: string): boolean => userinfo.rights.includes(right);
  const right = (name: string, grant: string): string =>
    `The account ${userinfo.name} lacks the right "${name}". Give its bot password the grant "${grant}", and the account a group that has the right.`;
  return [
    ...(version < OLDEST
      ? [`This is ${general.generator}. Lakeside needs MediaWiki ${OLDEST} or newer: update the wiki.`]
      : []),
    ...(userinfo.blockedby === undefined
      ? []
      : [`The account ${userinfo.name} is blocked. Ask an administrator of the wiki to unblock it.`]),
    ...(may('edit') ? [] : [right('edit', 'Edit existing pages')]),
    ...(may('createpage') ? [] : [right('createpage', 'Create, edit, and move pages')]),
    ...(may('upload') ? [] : [right('upload', 'Upload new files')]),
    ...(general.uploadsenabled
      ? []
      : ['Uploads are off, so pages have no pictures. Set $wgEnableUploads = true in LocalSettings.php.']),
    ...(!general.uploadsenabled || features.pictures.includes('image/png')
      ? []
      : ["The wiki takes no PNG files. Add 'png' to $wgFileExtensions."])
  ];
}
