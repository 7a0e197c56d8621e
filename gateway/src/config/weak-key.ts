const commonWords = new Set(
  `abc abcd abcdef admin adminadmin api apikey asdf asdfgh bearer change changeme changeit default demo dev developer dummy example
  fake foo foobar gateway gpt hello key keys letmein litellm llm local master masterkey me my mykey none openai pass passw0rd password
  passwort placeholder please prod production proxy qwerty qwertz root sample secret secretkey secure sk sluice super test testing
  testkey token user welcome your yourkey here insert replace this with`.split(/\s+/),
);

const minLength = 16;
/** Sixteen random hex digits have 64 bits; nobody types that many by chance. */
const minBits = 45;

/**
 * Why a key can be guessed, or undefined if it cannot easily: too short, too few different characters, runs such as
 * `123456`, or nothing but words that keys are made of in examples.
 */
export const weakness = (key: string): string | undefined => {
  const secret = key.trim().replace(/^sk-/i, '');
  if (secret === '') return 'it is empty';
  if (secret.length < minLength) return `it has fewer than ${minLength} characters (without \`sk-\`)`;
  if (entropyBits(secret) < minBits) return 'it has too few different characters';
  if (runShare(secret) > 0.5) return 'it is a run of neighbouring characters';
  const words = secret.toLowerCase().split(/[^a-z0-9]+/);
  if (words.every((word) => word === '' || commonWords.has(word) || /^\d{1,4}$/.test(word))) return 'it is made of words that examples use';
  return undefined;
};

/** Shannon entropy of the text's own characters, times its length: an upper bound of what it takes to guess. */
const entropyBits = (text: string): number => {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / text.length);
  return bits;
};

/** How many characters are the same as, or next to, the one before. */
const runShare = (text: string): number => {
  let runs = 0;
  for (let at = 1; at < text.length; at++) if (Math.abs(text.charCodeAt(at) - text.charCodeAt(at - 1)) <= 1) runs++;
  return runs / (text.length - 1);
};
