import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOutsidePlugin } from '../../server/adapters/plugin-process/index.js';
import type { PluginLimits } from '../../server/adapters/plugin-process/process.js';
import { withoutSecrets } from '../../server/logging.js';
import { readPluginPackage } from '../../server/plugins/manifest.js';
import type { OutsidePlugin } from '../../server/plugins/outside.js';
import type { Log } from '../../server/ports.js';
import { programs } from './programs.js';

/** Writes an npm package of a plug-in. @returns its folder */
export function writePlugin(
  folder: string,
  { name = 'acme-wiki', id = 'acme', code, lakeside }: { name?: string; id?: string; code: string; lakeside?: unknown }
): string {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const declared = lakeside === undefined ? { api: 1, kind: 'wiki-target', id } : lakeside;
  const manifest = { name, version: '2.1.0', type: 'module', exports: './index.js', lakeside: declared };
  writeFileSync(join(place, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(place, 'index.js'), code);
  return place;
}

/**
 * The module of a plug-in that keeps its pages in memory. What a method does can be replaced.
 *
 * @param instead - fields of the target, as code, in which `settings` and `around` are known
 */
export function pluginCode({ id = 'acme', instead = '', before = '' } = {}): string {
  return `
import { definePlugin, ProblemError, z, Secret, holdsMarker } from '@lakeside/plugin-kit';
${before}
const features = { dialect: 'commonmark', maths: 'native', collapsible: true, highlights: true, pictures: ['image/png'],
  attachments: 'page', spaces: true, parents: true, tags: false, compareAndSet: 'exact', maxBodyBytes: 1e6, maxAttachmentBytes: 1e6 };
const pages = new Map();
const page = id => {
  const { title, space, body, version } = pages.get(id);
  return { id, title, space, url: 'https://acme.example.org/' + id, version: String(version), body };
};
export default definePlugin({
  kind: 'wiki-target',
  id: '${id}',
  config: z.object({ room: z.string().default('home'), token: Secret.optional() }),
  async create(settings, around) {
    return {
      check: async () => ({ features, account: 'robot', software: 'Acme 1', lacks: [] }),
      spaces: async () => [{ id: 'home', name: 'Home' }, { id: 'attic', name: 'Attic' }],
      parents: async () => [],
      find: async marker => [...pages.keys()].map(page).filter(({ body }) => holdsMarker(body, 'commonmark', marker)),
      read: async id => pages.has(id) ? page(id) : undefined,
      async create({ title, space = settings.room, body }) {
        const id = String(pages.size + 1);
        pages.set(id, { title, space, body, version: 1 });
        return page(id);
      },
      missing: async (_id, attachments) => attachments,
      upload: async () => undefined,
      async write(id, { base, body }) {
        const now = pages.get(id);
        if (String(now.version) !== base) throw new ProblemError('target-conflict', 'Somebody was faster.');
        pages.set(id, { ...now, body, version: now.version + 1 });
        return page(id);
      },
      close: async () => undefined,
      ${instead}
    };
  }
});
`;
}

export interface Line {
  level: string;
  fields: object;
  message: string;
}

/** A plug-in from outside as Lakeside makes it from a package, with the lines that it logged. */
export async function outsidePlugin(
  folder: string,
  limits: Partial<PluginLimits> = {}
): Promise<{ plugin: OutsidePlugin; lines: Line[] }> {
  const lines: Line[] = [];
  const at =
    (level: string): Log['info'] =>
    (fields, message) =>
      void lines.push({ level, fields, message });
  const plugin = createOutsidePlugin(await readPluginPackage(folder, '/'), {
    program: join(programs, 'plugins', 'host.js'),
    environment: { PATH: '/usr/bin:/bin', HOME: '/' },
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    redact: withoutSecrets,
    limits
  });
  return { plugin, lines };
}
