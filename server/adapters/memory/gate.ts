import { randomBytes } from 'node:crypto';
import type { GateMemory, RememberedFinding } from '../../share/ports.js';

/** What the secret gate remembers, until the process ends. */
export function createMemoryGate(): GateMemory {
  const made = randomBytes(32).toString('hex');
  const findings = new Map<string, Map<string, RememberedFinding>>();
  const copies = new Map<string, string>();
  const keyOf = (notebookId: string, source: string): string => JSON.stringify([notebookId, source]);

  return {
    key: () => made,
    of: notebookId =>
      [...(findings.get(notebookId)?.values() ?? [])]
        .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))
        .map(finding => ({ ...finding })),
    remember(notebookId, finding) {
      const ofNotebook = findings.get(notebookId) ?? new Map<string, RememberedFinding>();
      findings.set(notebookId, ofNotebook.set(finding.fingerprint, { ...finding }));
    },
    forget: (notebookId, fingerprint) => void findings.get(notebookId)?.delete(fingerprint),
    notePublished(notebookId, source, published) {
      if (published === undefined) copies.delete(keyOf(notebookId, source));
      else copies.set(keyOf(notebookId, source), published);
    },
    publishedAs: (notebookId, source) => copies.get(keyOf(notebookId, source)) ?? source
  };
}
