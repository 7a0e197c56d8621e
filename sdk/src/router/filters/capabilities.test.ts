import { describe, expect, test } from 'bun:test';
import type { Needs } from '../route-request.ts';
import { capabilitiesFilter } from './capabilities.ts';
import { candidate, ids } from './testing.ts';

const blind = candidate('blind', {}, { lacks: new Set(['vision', 'pdf_input']) });
const seeing = candidate('seeing', {}, { abilities: new Set(['vision']), lacks: new Set(['audio_input']) });
const unknown = candidate('unknown');

const asking = (...abilities: string[]) => {
  let asked = 0;
  const needs = (): Needs => (asked++, { abilities, inputTokens: 0 });
  return { needs, times: () => asked };
};

describe('capabilitiesFilter', () => {
  test('leaves out who is known to lack it; who is not known stays', () => {
    expect(ids(capabilitiesFilter<string>().keep([blind, seeing, unknown], asking('vision'), 0))).toBe('seeing unknown');
    expect(ids(capabilitiesFilter<string>().keep([blind, seeing, unknown], asking('vision', 'audio_input'), 0))).toBe('unknown');
  });

  test('nothing is asked where nobody is known to lack anything', () => {
    const request = asking('vision');
    const all = [unknown, candidate('other', {}, { abilities: new Set(['vision']) })];
    expect(capabilitiesFilter<string>().keep(all, request, 0)).toBe(all);
    expect(request.times()).toBe(0);
  });

  test('what all can do leaves the array as it is', () => {
    const all = [blind, seeing];
    expect(capabilitiesFilter<string>().keep(all, asking(), 0)).toBe(all);
    expect(capabilitiesFilter<string>().keep(all, asking('function_calling'), 0)).toBe(all);
    expect(capabilitiesFilter<string>().keep(all, {}, 0)).toBe(all);
  });

  test('nobody is left: refused where that is asked for, else all of them', () => {
    const all = [blind];
    expect(capabilitiesFilter<string>().keep(all, asking('vision'), 0)).toBe(all);
    const strict = capabilitiesFilter<string>({ strict: true });
    expect(strict.keep(all, asking('vision'), 0)).toEqual([]);
    const { code, message } = strict.refusal('m', asking('vision'));
    expect({ code, message }).toEqual({
      code: 'invalid_request',
      message: "No deployment of the model 'm' can do what the request needs: vision.",
    });
  });

  test('the order in which needs are told makes no difference, and answers are remembered while they hold', () => {
    const filter = capabilitiesFilter<string>();
    const all = [blind, seeing, unknown];
    const first = filter.keep(all, asking('vision', 'pdf_input'), 0);
    expect(filter.keep(all, asking('pdf_input', 'vision'), 900)).toBe(first);
    expect(filter.keep(all, asking('pdf_input', 'vision'), 5000)).toBe(first);
  });

  test('facts that come later count a second later', () => {
    let lacks: ReadonlySet<string> | undefined;
    const late = {
      ...candidate('late'),
      get facts() {
        return lacks ? { lacks } : {};
      },
    };
    const filter = capabilitiesFilter<string>();
    const all = [late, seeing];
    expect(filter.keep(all, asking('vision'), 0)).toBe(all);
    lacks = new Set(['vision']);
    expect(ids(filter.keep(all, asking('vision'), 1000))).toBe('seeing');
  });
});
