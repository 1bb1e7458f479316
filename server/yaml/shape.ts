import * as z from 'zod';

/** The keys that may stand at a place of the data; none where any may. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[], data: unknown): string[] {
  const here = unwrap(schema, data);
  const [key, ...rest] = path;
  if (key === undefined) return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
  const value = (data as Record<PropertyKey, unknown> | undefined)?.[key];
  if (here instanceof z.ZodObject) {
    const next = here.shape[String(key)] as z.ZodType | undefined;
    return next === undefined ? [] : keysAt(next, rest, value);
  }
  if (here instanceof z.ZodRecord) return keysAt(here.valueType as z.ZodType, rest, value);
  if (here instanceof z.ZodArray) return keysAt(here.element as z.ZodType, rest, value);
  return [];
}

/** The values that `kind` may have at a place of the data. */
export function kindsAt(schema: z.ZodType, path: readonly PropertyKey[], data: unknown): string[] {
  const [key, ...rest] = path;
  const here = unwrap(schema, data);
  if (here instanceof z.ZodDiscriminatedUnion) {
    return here.options.flatMap(option => {
      const kind = option instanceof z.ZodObject ? (option.shape['kind'] as z.ZodType) : undefined;
      return kind instanceof z.ZodLiteral ? [...kind.values].map(String) : [];
    });
  }
  const value = (data as Record<PropertyKey, unknown> | undefined)?.[key ?? ''];
  if (here instanceof z.ZodObject && key !== undefined) {
    const next = here.shape[String(key)] as z.ZodType | undefined;
    return next === undefined ? [] : kindsAt(next, rest, value);
  }
  return here instanceof z.ZodRecord ? kindsAt(here.valueType as z.ZodType, rest, value) : [];
}

/** A schema without its wrappers; of a choice, what the data chose. */
function unwrap(schema: z.ZodType, data: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap() as z.ZodType, data);
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType, data);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const kind = (data as { kind?: unknown } | undefined)?.kind;
    const chosen = schema.options.find(
      option =>
        option instanceof z.ZodObject &&
        option.shape['kind'] instanceof z.ZodLiteral &&
        option.shape['kind'].values.has(kind as string)
    );
    return chosen === undefined ? schema : unwrap(chosen as z.ZodType, data);
  }
  return schema;
}
