import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../kit/admin.ts';
import { absent, beside as answeredBeside } from './litellm/absent.ts';
import { neverNull, optional, otherShape, refused } from './litellm/exceptions.ts';
import { readLitellmSpec, specMissing, type LitellmSpec, type Operation } from './litellm/operations.ts';
import { sceneOf, type Scene } from './litellm/scenes.ts';
import { membersWith } from './litellm/values-of-things.ts';
import { createWorld, type World } from './litellm/world.ts';

const config = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello } }
  - { model_name: claude-sonnet, litellm_params: { model: mock/hello } }
`;

const missing = specMissing();
if (missing) test.skip(`the admin API against LiteLLM's specification: ${missing}`, () => undefined);
else {
  const spec = readLitellmSpec();
  const whyAbsent = ({ name }: Operation): string | undefined => absent.find(([pattern]) => pattern.test(name))?.[1];
  const present = spec.operations.filter((operation) => whyAbsent(operation) === undefined && !answeredBeside.includes(operation.name));

  test('each exception is about something that is there', () => {
    const names = new Set(spec.operations.map(({ name }) => name));
    for (const name of [...answeredBeside, ...Object.keys(optional), ...Object.keys(neverNull), ...Object.keys(otherShape)])
      expect(names).toContain(name);
    for (const [pattern] of absent) expect([...names].some((name) => pattern.test(name))).toBe(true);
  });

  describeAdmin("the admin API against LiteLLM's specification", (start) => {
    let admin: TestAdmin;
    let asks: Asks;
    beforeAll(async () => {
      admin = await start({ config });
      asks = createAsks(admin, spec);
    });
    afterAll(() => admin.stop());

    describe('what is listed as absent is absent', () => {
      for (const operation of spec.operations.filter((each) => whyAbsent(each) !== undefined))
        test(operation.name, async () => {
          const body = operation.members ? {} : undefined;
          expect((await admin.call(`${operation.method} ${operation.path.replaceAll(/[{}]/g, '')}`, body)).status).toBeOneOf([404, 405]);
        });
    });

    for (const operation of present)
      test(operation.name, async () => {
        const problems = await asks.problemsOf(operation);
        expect(problems).toEqual([]);
      });
  });
}

interface Asks {
  /** What is otherwise than LiteLLM has it. */
  problemsOf(operation: Operation): Promise<readonly string[]>;
}

type Body = Readonly<Record<string, unknown>>;

const createAsks = (admin: TestAdmin, { document }: LitellmSpec): Asks => {
  const world: World = createWorld(admin);

  const ask = async ({ name, method, path }: Operation, change: (scene: Scene) => Scene | Promise<Scene> = (scene) => scene) => {
    const { params = {}, query = {}, body, key } = await change(await sceneOf(name, world));
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, param: string) => encodeURIComponent(params[param] ?? param));
    const search = new URLSearchParams(query).toString();
    const { status, json } = await admin.call(`${method} ${filled}${search && '?'}${search}`, body, key === undefined ? {} : { key });
    return { status, json: json as unknown, said: JSON.stringify(json ?? null).slice(0, 300) };
  };
  const withMembers = (members: Body) => (scene: Scene) => ({ ...scene, body: { ...scene.body, ...members } });
  const shapeOf = ({ name, answer }: Operation, json: unknown): string[] =>
    answer && !Object.hasOwn(otherShape, name)
      ? document.check(json, answer).flatMap(({ kind, path, message }) => (kind === 'shape' ? [`${path}: ${message}`] : []))
      : [];

  /** A body with one member more is taken, or refused by that member's name and for the reason that is written down. */
  const member = async (operation: Operation, name: string): Promise<string[]> => {
    const inScene = (await sceneOf(operation.name, world)).body;
    const members = inScene && name in inScene ? undefined : await membersWith(operation.name, name, world);
    if (!members) return [];
    const { status, json, said } = await ask(operation, withMembers(members));
    const why = refused.filter(([pattern, names]) => pattern.test(operation.name) && names.includes(name)).map(([, , reason]) => reason);
    if (status < 300) return shapeOf(operation, json).map((issue) => `with ${name}, the answer is wrong at ${issue}`);
    if (status === 400 && said.includes(name) && why.some((reason) => reason.test(said))) return [];
    return [`${name}: ${status} ${said}`];
  };

  const nothing = async (operation: Operation, name: string): Promise<string[]> => {
    if (operation.required.includes(name) || neverNull[operation.name]?.includes(name)) return [];
    const { status, said } = await ask(operation, (scene) =>
      scene.body && name in scene.body ? scene : withMembers({ [name]: null })(scene),
    );
    return status < 300 ? [] : [`${name} as null: ${status} ${said}`];
  };

  const without = async (operation: Operation, name: string): Promise<string[]> => {
    if (optional[operation.name]?.includes(name)) return [];
    const { status, said } = await ask(operation, (scene) => {
      const { [name]: _, ...rest } = scene.body as Body;
      return { ...scene, body: rest };
    });
    return status >= 400 && status < 500 && said.includes(name) ? [] : [`without ${name}: ${status} ${said}`];
  };

  const parameter = async (operation: Operation, name: string): Promise<string[]> => {
    const { status, said } = await ask(operation, (scene) => ({ ...scene, query: { [name]: 'something', ...scene.query } }));
    return status >= 500 || said.includes('There is no parameter') ? [`?${name}=: ${status} ${said}`] : [];
  };

  const withoutParameter = async (operation: Operation, name: string): Promise<string[]> => {
    const { status, said } = await ask(operation, (scene) => {
      const { [name]: _, ...rest } = scene.query ?? {};
      return { ...scene, query: rest };
    });
    return status >= 400 && status < 500 && said.includes(name) ? [] : [`without ?${name}=: ${status} ${said}`];
  };

  return {
    async problemsOf(operation) {
      const plain = await ask(operation);
      if (plain.status >= 300) return [`${plain.status} ${plain.said}`];
      const problems = shapeOf(operation, plain.json).map((issue) => `the answer is wrong at ${issue}`);
      for (const name of Object.keys(operation.members ?? {})) {
        problems.push(...(await member(operation, name)));
        problems.push(...(await nothing(operation, name)));
      }
      for (const name of operation.required) problems.push(...(await without(operation, name)));
      for (const name of operation.queryNames) problems.push(...(await parameter(operation, name)));
      for (const name of operation.requiredQuery) problems.push(...(await withoutParameter(operation, name)));
      return problems;
    },
  };
};
