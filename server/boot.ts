import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as z from 'zod';

/** What the front door writes to standard input as one line of JSON before anything else. */
export const Boot = z.object({
  /** The secret every request carries; new at each start. */
  secret: z.string().min(32),
  /** Root folder of the Jupyter server; null where its contents are no files. */
  rootDir: z.string().nullable(),
  /** Whether the Jupyter server shows hidden files. */
  allowHidden: z.boolean().default(false),
  /** The Python that runs the Jupyter server. */
  python: z.string().optional(),
  serverVersion: z.string().optional(),
  /** The key with which sessions are encrypted, where a hub gives one. */
  credentialsKey: z.string().nullable().optional(),
  /**
   * The variables that kernels of the Jupyter server get. Scheduled runs get them too; passwords that sources of tables
   * refer to are looked for in them. Nothing else sees them.
   */
  kernelEnvironment: z.record(z.string(), z.string()).optional()
});
export type Boot = z.infer<typeof Boot>;

/**
 * Reads the boot line, then watches for the end of the stream, which means that the parent died.
 *
 * @param ended - called once, when the stream ends
 * @throws where the stream ends first or the line is not what it should be
 */
export function readBoot(input: Readable, ended: () => void): Promise<Boot> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input });
    lines.once('line', line => {
      try {
        resolve(Boot.parse(JSON.parse(line)));
      } catch (error) {
        reject(new Error('The line on standard input is not a boot line.', { cause: error }));
      }
    });
    lines.once('close', () => {
      reject(new Error('Standard input ended before the boot line. The sidecar is started by the Jupyter server.'));
      ended();
    });
  });
}
