import type { Grade, Note } from './notes.ts';

export type Outcome = 'imported' | 'replaced' | 'unchanged' | 'kept' | 'skipped';

/** How it went with all things of one kind. */
export interface KindCounts {
  readonly kind: string;
  read: number;
  imported: number;
  /** There before, and replaced as `--overwrite` asks. */
  replaced: number;
  /** There before, the same. */
  unchanged: number;
  /** There before, another one: it stays. */
  kept: number;
  /** Not carried at all. */
  skipped: number;
  /** Of those that were carried: without any loss. */
  exact: number;
}

/** One reason, of all things of a kind that have it. */
export interface Reason {
  readonly kind: string;
  readonly grade: Grade;
  readonly what: string;
  readonly why: string;
  count: number;
  /** The first few. */
  readonly ids: string[];
}

export interface ObjectNote extends Note {
  readonly kind: string;
  readonly id: string;
}

/** Ids shown with a reason. */
const maxIds = 5;
/** Listed one by one. What is beyond is counted with its reason all the same. */
const maxObjects = 20_000;

/** What an import has done, for people and, as JSON, for programs. */
export class Report {
  readonly kinds = new Map<string, KindCounts>();
  readonly reasons = new Map<string, Reason>();
  readonly objects: ObjectNote[] = [];
  objectsLeftOut = 0;

  of(kind: string): KindCounts {
    let found = this.kinds.get(kind);
    if (!found) this.kinds.set(kind, (found = { kind, read: 0, imported: 0, replaced: 0, unchanged: 0, kept: 0, skipped: 0, exact: 0 }));
    return found;
  }

  note(kind: string, id: string, notes: readonly Note[], count = 1): void {
    for (const { grade, what, why } of notes) {
      const key = JSON.stringify([kind, grade, what, why]);
      let reason = this.reasons.get(key);
      if (!reason) this.reasons.set(key, (reason = { kind, grade, what, why, count: 0, ids: [] }));
      reason.count += count;
      if (reason.ids.length < maxIds && id !== '') reason.ids.push(id);
      if (id === '') continue;
      if (this.objects.length < maxObjects) this.objects.push({ kind, id, grade, what, why });
      else this.objectsLeftOut++;
    }
  }

  count(kind: string, id: string, outcome: Outcome, notes: readonly Note[]): void {
    const counts = this.of(kind);
    counts.read++;
    counts[outcome]++;
    if (outcome !== 'skipped' && notes.length === 0) counts.exact++;
    this.note(kind, id, notes);
  }

  toJSON() {
    return {
      kinds: [...this.kinds.values()],
      reasons: [...this.reasons.values()],
      objects: this.objects,
      objects_left_out: this.objectsLeftOut,
    };
  }
}
