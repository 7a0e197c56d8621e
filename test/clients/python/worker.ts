import { dirname, join } from 'node:path';
import type { Ask, Client, Problem, Said, Tool } from '../clients/client.ts';
import { runTool, schemaOf } from '../clients/client.ts';
import type { WireId } from '../upstream/server.ts';
import type { Json } from '../upstream/wire.ts';

/* The clients in Python as the tests see them: each call is a line to `worker.py`, which answers in lines. */

interface About {
  name: string;
  wire: WireId;
  showsThinking: boolean;
  keepsThoughts: boolean;
  converses: boolean;
  miscounts?: string;
  cannotLeave?: string;
  hidesRequestId?: string;
  kinds: Readonly<Record<string, string>>;
}

/** What the worker says. The first line has its clients; all others an id. */
interface Line {
  id: number;
  clients?: About[];
  text?: string;
  run?: { name: string; args: Json };
  said?: Said;
  value?: unknown;
  problem?: Problem;
}

class PythonError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

export interface PythonWorker {
  clientsOf(base: string, key: string): Client[];
  stop(): Promise<void>;
}

/** @param folder of `python`, whose libraries are in the environment that `python` belongs to */
export const startPython = async (python: string, folder: string): Promise<PythonWorker> => {
  const child = Bun.spawn([python, join(import.meta.dir, 'worker.py'), folder], {
    cwd: import.meta.dir,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PYTHONUTF8: '1',
      // Beside the libraries, not among the sources.
      PYTHONPYCACHEPREFIX: join(dirname(dirname(python)), 'pycache'),
    },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const waiting = new Map<number, (line: Line) => void>();
  const ready = Promise.withResolvers<About[]>();

  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of child.stdout) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop()!;
      for (const text of lines) {
        const line = JSON.parse(text) as Line;
        if (line.clients) ready.resolve(line.clients);
        else waiting.get(line.id)?.(line);
      }
    }
    const gone = new Error(`the Python worker of ${folder} ended with ${await child.exited}`);
    ready.reject(gone);
    for (const take of waiting.values()) take({ id: 0, problem: { kind: 'Gone', message: gone.message } });
  };
  void read();

  const say = (message: Json): void => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
    void child.stdin.flush();
  };

  let calls = 0;
  const call = (order: Json, { onText, signal, ...ask }: Ask, tools: readonly Tool[] = []): Promise<Line> =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      const leave = () => say({ id, leave: true });
      const end = (line: Line) => {
        waiting.delete(id);
        signal?.removeEventListener('abort', leave);
        if (line.problem) reject(new PythonError(line.problem));
        else resolve(line);
      };
      waiting.set(id, (line) => {
        if (line.text !== undefined) onText?.(line.text);
        else if (line.run) say({ id, result: runTool(tools, line.run.name, line.run.args) });
        else end(line);
      });
      signal?.addEventListener('abort', leave, { once: true });
      say({ id, ...order, ask });
    });

  const found = await ready.promise;
  const clientOf = ({ converses, kinds, ...about }: About, base: string, key: string): Client => {
    const to = { client: about.name, base, key };
    return {
      ...about,
      ...(Object.keys(kinds).length > 0 && { kindOf: (status: number) => kinds[status] ?? kinds['*']! }),
      problem: (error) => (error instanceof PythonError ? error.problem : { kind: 'Error', message: String(error) }),
      ask: async (ask) => (await call({ ...to, do: 'ask' }, ask)).said!,
      ...(converses && {
        converse: async (ask: Ask, tools: Tool[]) => {
          const told = tools.map(({ name, description, parameters }) => ({ name, description, schema: schemaOf(parameters) }));
          return (await call({ ...to, do: 'converse', tools: told }, ask, tools)).said!;
        },
      }),
      structured: async (ask, shape) => (await call({ ...to, do: 'structured', schema: schemaOf(shape) }, ask)).value,
    };
  };

  return {
    clientsOf: (base, key) => found.map((about) => clientOf(about, base, key)),
    async stop() {
      child.stdin.end();
      const late = setTimeout(() => child.kill('SIGKILL'), 3000);
      await child.exited;
      clearTimeout(late);
    },
  };
};
