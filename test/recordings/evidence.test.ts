import { describe, expect, test } from 'bun:test';
import { proved } from '../../sdk/src/providers/evidence.ts';
import { offersOf } from '../../sdk/src/providers/offers.ts';
import { providers } from '../../sdk/src/providers/index.ts';
import { provedByRecordings } from '../kit/proved.ts';
import { recordingsMissing } from '../kit/recordings.ts';

/* The marks of docs/reference/endpoints.md say no more, and no less, than what is replayed here. */

const claimed = Object.entries(proved).flatMap(([provider, whats]) => whats.map((what) => `${provider} ${what}`));

test('what is said to be proved is offered', () => {
  for (const [id, whats] of Object.entries(proved)) {
    const offered = offersOf(providers.get(id)).map(({ what }) => what);
    expect(offered).toEqual(expect.arrayContaining([...whats]));
  }
});

const why = recordingsMissing();
describe.skipIf(why !== undefined)(`recordings: marks${why === undefined ? '' : ` (${why})`}`, () => {
  test('are those of what is replayed', () => expect(claimed.toSorted()).toEqual(provedByRecordings()));
});
