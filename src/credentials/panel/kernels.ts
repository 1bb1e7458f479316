import type { Kernel, KernelSpec } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

/** As much of Jupyter's services as is used. */
export interface IKernels {
  kernels: Pick<Kernel.IManager, 'running' | 'refreshRunning' | 'connectTo'>;
  kernelspecs: Pick<KernelSpec.IManager, 'specs'>;
}

/** How many kernels did it, do it when their cell has ended, and have to be started again. */
export interface ITakenOut {
  done: number;
  later: number;
  missed: number;
}

/** Longest wait for a kernel, in milliseconds; one that is busy does it afterwards. */
const PATIENCE_MS = 3_000;

/**
 * What a Python kernel runs. boto3 keeps a session for whoever names none, with the keys it found first: it is let go
 * where these came from the variables.
 */
const codeOf = (names: readonly string[]) => `def _lakeside_take_out():
    import os, sys
    for name in ${JSON.stringify(names)}:
        os.environ.pop(name, None)
    boto3 = sys.modules.get("boto3")
    session = getattr(getattr(boto3, "DEFAULT_SESSION", None), "_session", None)
    if getattr(getattr(session, "_credentials", None), "method", None) == "env":
        boto3.DEFAULT_SESSION = None
try:
    _lakeside_take_out()
finally:
    del _lakeside_take_out`;

/** Takes variables out of the kernels that run. Never throws: a kernel in which it fails counts as missed. */
export async function takeOut(services: IKernels, names: readonly string[]): Promise<ITakenOut> {
  const { kernels, kernelspecs } = services;
  await kernels.refreshRunning().catch(() => undefined);
  const all = await Promise.all(
    [...kernels.running()].map(async model => {
      if (kernelspecs.specs?.kernelspecs[model.name]?.language !== 'python') return 'missed';
      return runIn(kernels.connectTo({ model, handleComms: false }), codeOf(names)).catch(() => 'missed' as const);
    })
  );
  const count = (how: keyof ITakenOut) => all.filter(each => each === how).length;
  return { done: count('done'), later: count('later'), missed: count('missed') };
}

/** What was done, and what is left to the person. */
export function takenOutWords({ done, later, missed }: ITakenOut, trans: TranslationBundle): string {
  return [
    done + later > 0
      ? trans._n('Taken out of the kernel that runs', 'Taken out of %1 kernels that run', done + later) +
        trans.__(', and of those that start from now on.')
      : trans.__('Taken out of kernels that start from now on.'),
    done + later > 0 && trans.__('Clients that were made before keep the old keys: make them again.'),
    later > 0 && trans._n('One is busy and follows.', '%1 are busy and follow.', later),
    missed > 0 && trans._n('Start one again by hand.', 'Start %1 others again by hand.', missed)
  ]
    .filter(Boolean)
    .join(' ');
}

async function runIn(kernel: Kernel.IKernelConnection, code: string): Promise<keyof ITakenOut> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const asked = kernel.requestExecute({ code, silent: true, store_history: false, allow_stdin: false }, false);
    const late = new Promise<undefined>(resolve => (timer = setTimeout(() => resolve(undefined), PATIENCE_MS)));
    const reply = await Promise.race([asked.done, late]);
    if (reply === undefined) return 'later';
    return reply.content.status === 'ok' ? 'done' : 'missed';
  } finally {
    clearTimeout(timer);
    // Only this connection ends, not the kernel; what it was sent stays in its queue.
    kernel.dispose();
  }
}
