import * as z from 'zod';
import type { SourceCall, TableFacts } from '../../tables/ports.js';
import { fieldOf } from '../common/iceberg/fields.js';
import { Metadata } from '../common/iceberg/metadata.js';
import { columnOf } from '../common/lake/fields.js';
import type { RestCatalog } from './catalog.js';

const View = z.object({
  metadata: z.object({
    location: z.string().optional(),
    'current-version-id': z.number(),
    versions: z.array(z.object({ 'version-id': z.number(), 'schema-id': z.number(), 'timestamp-ms': z.number().optional() })),
    schemas: Metadata.shape.schemas.unwrap(),
    properties: Metadata.shape.properties
  })
});

/** What is known of a view: its columns. */
export async function viewFacts(
  catalog: RestCatalog,
  { levels, name }: { levels: readonly string[]; name: string },
  call: SourceCall
): Promise<TableFacts> {
  const path = await catalog.path(call, levels, 'views', name);
  const { metadata } = await catalog.get(View, path, `table ${name}`, call);
  const current = metadata.versions.find(version => version['version-id'] === metadata['current-version-id']);
  const schema = metadata.schemas.find(each => each['schema-id'] === current?.['schema-id']);
  const comment = metadata.properties?.['comment'];
  const at = current?.['timestamp-ms'];
  return {
    type: 'view',
    columns: (schema?.fields ?? []).map(field => columnOf(fieldOf(field))),
    ...(comment !== undefined && { comment }),
    ...(at !== undefined && { updatedAt: new Date(at).toISOString() }),
    format: 'Iceberg view',
    reach: { kind: 'spark', name: [...levels, name] }
  };
}
