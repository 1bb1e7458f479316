import { readdirSync, readFileSync } from 'node:fs';

/** A process as Linux tells of it. */
export interface TestedProcess {
  pid: number;
  parent: number;
  command: string;
}

/** The processes of a home: runners, kernels and what their cells started, by the home folder that all inherit. */
export function processesOf(home: string): TestedProcess[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, 'utf8');
        const stat = read('stat');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z' || !read('environ').includes(`HOME=${home}\0`)) return [];
        return [{ pid: Number(name), parent: Number(parent), command: read('cmdline').replaceAll('\0', ' ') }];
      } catch {
        return [];
      }
    });
}

export const isRunner = ({ command }: TestedProcess): boolean => command.includes('lakeside.runner --serve');
export const isKernel = ({ command }: TestedProcess): boolean => command.includes('ipykernel');
