/*
 * The names under which one model goes: with its date, as `-latest`, with the region in front, as a tuned copy. A name is
 * tried as it is first; what follows says less and less.
 */

const dated = /[-@]?(?:20\d{2}-?[01]\d-?[0-3]\d|latest|default|001|002)$|-(?:\d{2}-20\d{2})$/;
const bedrockVersion = /-v\d+(?::\d+)*(?::[\w-]+)?$/;
const geography = /^(?:us|eu|apac|ap|au|ca|jp|sa|us-gov)\.(?=[a-z0-9-]+\.)/;
const tuned = /^(ft:[^:]+):.*$/;

/**
 * Every name that a model may be known by, likeliest first. `close`: the same model beyond doubt. `far`: without the region
 * or the version, which a pattern for the whole name goes before.
 */
export const namesOf = (model: string): { close: readonly string[]; far: readonly string[] } => {
  const bare = model.startsWith('arn:') ? model.slice(model.lastIndexOf('/') + 1) : model;
  // A tuned model is billed at a price of its own, which the model that it was made of does not tell.
  const base = tuned.exec(bare)?.[1] ?? bare;
  const close = new Set([model, bare, base, base.replace(dated, '')]);
  const far = new Set<string>();
  for (const each of close) far.add(each.replace(geography, ''));
  for (const each of [...close, ...far]) far.add(each.replace(bedrockVersion, ''));
  for (const each of ['', ...close]) far.delete(each);
  close.delete('');
  return { close: [...close], far: [...far] };
};
