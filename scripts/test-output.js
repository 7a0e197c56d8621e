// What `bun test` prints, read line by line: who passed, who failed, and what was said before a failure.

/** How much of what was said before a failure is kept. Lines. */
const wordsKept = 15;

const file = /^(\S.*\.(?:test|spec|client)\.[cm]?[jt]sx?):$/;
const result = /^\((pass|fail|skip|todo)\) (.*?)(?: \[[\d.]+m?s\])?$/;
// Behind the last file, Bun says again who failed. Those were heard.
const recap = /^\d+ tests? (?:failed|skipped|todo):$/;
const begins = /^bun test v\d/;
const betweenTests = /^# Unhandled error between tests$/;
const rule = /^-+$/;
const timedOut = /^ {2}\^ /;
const ran = /^Ran \d+ tests? across/;

/**
 * Reads the lines of one or several runs.
 * `failures`: `{ file, name, words }`, one for each test by its name, `words` being the newest lines before its result.
 * `passes`, `skips`: how many, by file. `finished`: Bun has come to the end of each run.
 */
export class TestOutput {
  failures = [];
  passes = new Map();
  skips = new Map();
  finished = false;
  #file = '';
  #words = [];
  #again = false;
  /** Words of an error between tests, which come behind its title and between two rules. */
  #between;
  #rules = 0;

  line(line) {
    if (this.#between) {
      if (rule.test(line)) this.#rules++;
      if (this.#between.length < wordsKept) this.#between.push(line);
      if (this.#rules === 2) this.#between = undefined;
      return;
    }
    const named = file.exec(line);
    if (named || begins.test(line)) {
      this.#file = named?.[1] ?? '';
      this.#words = [];
      this.#again = false;
      if (!named) this.finished = false;
      return;
    }
    if (ran.test(line)) this.finished = true;
    if (recap.test(line)) this.#again = true;
    if (this.#again) return;
    const [, what, name] = result.exec(line) ?? [];
    if (what === undefined) {
      if (betweenTests.test(line)) {
        this.#rules = 0;
        this.#fail('an error between tests', (this.#between = []));
      }
      // It comes behind the result that it is about.
      else if (timedOut.test(line) && this.#words.length === 0) this.failures.at(-1)?.words.push(line);
      else this.#words = [...this.#words, line].slice(-wordsKept);
      return;
    }
    const counts = { pass: this.passes, skip: this.skips }[what];
    counts?.set(this.#file, (counts.get(this.#file) ?? 0) + 1);
    if (what === 'fail') this.#fail(name, this.#words);
    this.#words = [];
  }

  #fail(name, words) {
    // Said once more at the end of `npm test`, by its whole name.
    if (this.failures.some((each) => `${each.file} > ${each.name}` === name)) return;
    const known = this.failures.find((each) => each.file === this.#file && each.name === name);
    // Of a test that failed twice, what it said last.
    if (known) known.words = words;
    else this.failures.push({ file: this.#file, name, words });
  }
}

/** Cuts what comes in pieces into lines, and hands them to `take`. The last one is taken by `end`. */
export const linesTo = (take) => {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    push(data) {
      const lines = (rest + decoder.decode(data, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    },
    end: () => void (rest !== '' && take(rest)),
  };
};
