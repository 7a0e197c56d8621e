type Value = { [key: string]: unknown };

const isContainer = (value: unknown): value is Value => typeof value === 'object' && value !== null;

/**
 * A copy of an object without what a path names: `temperature`, `response_format.json_schema.strict`,
 * `tools[*].function.strict`, `messages[0].name`. A path that names nothing changes nothing.
 */
export const dropPath = <T extends Value>(object: T, path: string): T => drop(object, stepsOf(path)) as T;

/** Whether a path names something. `null` is how many clients say "not given", so a plain member that is null is nothing. */
export const hasPath = (object: Value, path: string): boolean => {
  if (!path.includes('.') && !path.includes('[')) return object[path] !== undefined && object[path] !== null;
  return has(object, stepsOf(path));
};

const stepsOf = (path: string): string[] => path.replaceAll('[', '.[').split('.');

const has = (value: unknown, [step, ...rest]: string[]): boolean => {
  if (step === undefined) return value !== undefined;
  if (!isContainer(value)) return false;
  if (!step.startsWith('[')) return has(value[step], rest);
  if (!Array.isArray(value)) return false;
  const index = step.slice(1, -1);
  return index === '*' ? value.some((each) => has(each, rest)) : has(value[Number(index)], rest);
};

const drop = (value: unknown, [step, ...rest]: string[]): unknown => {
  if (step === undefined || !isContainer(value)) return value;
  const index = step.startsWith('[') && step.endsWith(']') ? step.slice(1, -1) : undefined;
  if (index !== undefined) {
    if (!Array.isArray(value)) return value;
    const hit = (at: number) => index === '*' || Number(index) === at;
    if (rest.length === 0) return value.filter((_, at) => !hit(at));
    return value.map((each, at) => (hit(at) ? drop(each, rest) : each));
  }
  if (!(step in value)) return value;
  const copy = { ...value };
  if (rest.length === 0) delete copy[step];
  else copy[step] = drop(copy[step], rest);
  return copy;
};
