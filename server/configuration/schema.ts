import * as z from 'zod';
import { ProfileColour, ProfileId } from '../../contract/credentials/types.js';
import { SourceId } from '../../contract/tables/types.js';
import { PluginName } from '../plugins/manifest.js';
import type { Registry } from '../plugins/registry.js';
import type { WikiPolicy } from '../share/ports.js';
import { oneOf } from './chosen.js';
import type { Chosen } from './chosen.js';
import { notifySection } from './notify.js';
import type { NotifySection } from './notify.js';

export type { Chosen } from './chosen.js';

/** The sections of a configuration file. Each may be absent. */
export interface Sections {
  /** Plug-ins from outside: npm packages, or absolute paths of their folders. */
  plugins?: string[] | undefined;
  /** Where the Library's archive lies; the folder of this machine where absent. */
  library?: Chosen | undefined;
  /** Where people reach Lakeside: pages elsewhere lead back to it. */
  publicUrl?: string | undefined;
  /** Wikis to which notebooks can be shared, by the name that `--to` and the dialog's choice use. */
  targets?: Record<string, ChosenTarget> | undefined;
  /** By which ways people are told of runs of schedules. */
  notify?: NotifySection | undefined;
  /** Where notebooks of schedules and their outputs may lie elsewhere, by scheme: `s3`. */
  places?: Record<string, object | undefined> | undefined;
  /** Where tables are, by the name that panel, magics and `get_connection` use. */
  sources?: Record<string, ChosenSource> | undefined;
  /** Ways to get keys, by the name that menus, kernels and commands use. */
  profiles?: Record<string, ChosenProfile> | undefined;
}

/** A profile, with what people see of it. */
export type ChosenProfile = Chosen & {
  label?: string | undefined;
  description?: string | undefined;
  colour?: ProfileColour | undefined;
  production?: boolean | undefined;
};

/** A source of tables, with what people read of it. */
export type ChosenSource = Chosen & { label?: string | undefined; description?: string | undefined };

/** A wiki, with what people read of it in the dialog, and what may go there. */
export type ChosenTarget = Chosen & {
  label?: string | undefined;
  description?: string | undefined;
  policy?: WikiPolicy | undefined;
};

/** Names of targets go into commands and keys. */
const TargetName = z.string().regex(/^(?!library$)[a-z0-9][a-z0-9-]{0,39}$/, {
  error: 'must be a name of small letters, digits and hyphens, and not "library"'
});
const Policy = z.strictObject({
  spaces: z
    .array(z.string().min(1).max(500))
    .min(1, 'must name a space at least')
    .max(1000)
    .optional()
    .describe('Ids of the spaces to which people may share; * stands for any characters. Absent: all.'),
  secrets: z
    .enum(['warn', 'block'], 'must be warn or block')
    .default('warn')
    .describe('warn: what looks like a secret is redacted, and told. block: nothing is shared while there is any.')
});

/** What every target of the configuration may have beside its own settings. */
export const targetShape = {
  label: z.string().min(1).max(60).optional().describe('What people call it. Absent: its name.'),
  description: z.string().max(200).optional().describe('One sentence below its name in the dialog.'),
  policy: Policy.optional().describe('What may go there. Absent: anything.')
};

const sourceShape = {
  label: z.string().min(1).max(60).optional().describe('What people call it. Absent: its name.'),
  description: z.string().max(200).optional().describe('One sentence of what is in it.')
};

const profileShape = {
  label: z.string().min(1).max(60).optional().describe('What people call it. Absent: its name.'),
  description: z.string().max(200).optional().describe('One sentence of what it is for.'),
  production: z.boolean().optional().describe('Whether it is production, which is shown in red.'),
  colour: ProfileColour.optional().describe('Absent: red for production, green otherwise.')
};

/** One source of tables, as the section `sources` has it. */
export function sourceSchema(plugins: Registry): z.ZodType<ChosenSource> {
  const sources = plugins.of('table-source');
  return sources.length === 0 ? z.never() : oneOf(sources, sourceShape);
}

/** The section that names plug-ins from outside. */
export const PluginsSection = z
  .array(PluginName)
  .max(50)
  .describe('Plug-ins from outside: npm packages beside this file or in its folder "plugins", or absolute paths.');

/** What a configuration file may hold, given the plug-ins that there are. */
export function sectionsSchema(plugins: Registry): z.ZodObject & z.ZodType<Sections> {
  const wikis = plugins.of('wiki-target');
  const providers = plugins.of('credential-provider');
  return z.strictObject({
    plugins: PluginsSection.optional(),
    library: oneOf(plugins.of('object-store'))
      .describe("Where the Library's archive lies. Absent: a folder of this machine.")
      .optional(),
    publicUrl: z
      .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
      .describe('Where people reach Lakeside, such as https://lab.example.org/lakeside/. Wiki pages link back to it.')
      .optional(),
    targets: z
      .record(TargetName, wikis.length === 0 ? z.never() : oneOf(wikis, targetShape))
      .describe('Wikis to which notebooks can be shared, by name.')
      .optional(),
    notify: notifySection(plugins).describe('By which ways people are told of runs of schedules.').optional(),
    places: z
      .strictObject(Object.fromEntries(plugins.of('run-places').map(({ id, config }) => [id, config.optional()])))
      .describe('Where notebooks of schedules and their outputs may lie beside folders. Absent: nowhere.')
      .optional(),
    sources: z
      .record(SourceId, sourceSchema(plugins))
      .describe('Where tables are, by the name that the panel, %%sql and get_connection use. Absent: the folder lake.')
      .optional(),
    profiles: z
      .record(ProfileId, providers.length === 0 ? z.never() : oneOf(providers, profileShape))
      .describe('Ways to get keys, by name: dev, prod. Absent: nobody signs in to anything.')
      .optional()
  });
}

/** The JSON Schema of a configuration file, for editors. Targets of kinds from outside may hold anything. */
export function configurationJsonSchema(plugins: Registry): object {
  const known = plugins.of('wiki-target').map(({ id }) => id);
  const outside = z.looseObject({ ...targetShape, kind: z.string() });
  const schema = sectionsSchema(plugins).extend({
    targets: z
      .record(TargetName, z.union([oneOf(plugins.of('wiki-target'), targetShape), outside]))
      .describe('Wikis to which notebooks can be shared, by name.')
      .optional()
  });
  return {
    ...z.toJSONSchema(schema, {
      io: 'input',
      target: 'draft-2020-12',
      override({ zodSchema, jsonSchema }) {
        if (zodSchema !== outside) return;
        jsonSchema.description = 'A wiki of a kind that a plug-in of the section "plugins" brings.';
        jsonSchema.properties = { ...jsonSchema.properties, kind: { type: 'string', not: { enum: known } } };
      }
    }),
    title: 'Lakeside configuration'
  };
}
