import type { PluginFault } from '../protocol.js';

/** Longest words of a fault that travel. */
const LONGEST = 4_000;

/** What foreign code threw, as data. It may be anything: no error at all, or one whose fields throw when they are read. */
export function faultOf(error: unknown): PluginFault {
  try {
    return describe(error);
  } catch {
    return { message: 'something that cannot be read' };
  }
}

function describe(error: unknown): PluginFault {
  if (typeof error !== 'object' || error === null) {
    if (error === undefined || error === null || error === '') return { message: '' };
    return { message: `it threw ${typeof error === 'string' ? error : typeof error}`.slice(0, LONGEST) };
  }
  const { name, message, code, errors, retryAfter } = error as Record<string, unknown>;
  const words = typeof message === 'string' ? message : 'it threw something that is no error';
  const fault: PluginFault = { message: words.slice(0, LONGEST) };
  if (name !== 'ProblemError') return fault;
  if (typeof code === 'string') fault.code = code;
  if (typeof retryAfter === 'number' && retryAfter >= 0 && retryAfter <= 86_400) fault.retryAfter = retryAfter;
  const fields = Array.isArray(errors) ? errors.filter(isField).slice(0, 100) : [];
  if (fields.length > 0) fault.errors = fields.map(({ field, message: why }) => ({ field, message: why }));
  return fault;
}

function isField(value: unknown): value is { field: string; message: string } {
  const { field, message } = (value ?? {}) as Record<string, unknown>;
  return typeof field === 'string' && typeof message === 'string';
}
