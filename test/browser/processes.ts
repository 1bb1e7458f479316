import { readdir, readFile } from 'node:fs/promises';

/** The process id of the sidecar beside a Jupyter server. */
export async function sidecarOf(jupyterPid: number): Promise<number> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const [stat, command] = await Promise.all(
      ['stat', 'cmdline'].map(name => readFile(`/proc/${entry}/${name}`, 'utf8').catch(() => ''))
    );
    // The parent stands after the name in brackets and the state.
    const parent = /\) \S (\d+)/.exec(stat ?? '')?.[1];
    if (parent === String(jupyterPid) && command?.includes('sidecar')) return Number(entry);
  }
  throw new Error(`The Jupyter server ${jupyterPid} has no sidecar.`);
}
