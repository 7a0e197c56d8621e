import { z } from 'zod';

const attributes = z.looseObject({ InResponseTo: z.string().optional(), Recipient: z.string().optional() });

/** As node-saml gives the assertion that it has found to be signed. */
const assertion = z.looseObject({
  Assertion: z.looseObject({
    $: z.looseObject({ ID: z.string().min(1).max(1000) }),
    Subject: z.array(
      z.looseObject({
        SubjectConfirmation: z.array(
          z.looseObject({ SubjectConfirmationData: z.array(z.looseObject({ $: attributes.optional() })).optional() }),
        ),
      }),
    ),
  }),
});

export interface SignedFacts {
  readonly id: string;
  /** The request that it answers. Of the assertion itself: the answer around it may be anybody's. */
  readonly inResponseTo: string | undefined;
  readonly recipient: string | undefined;
}

/** Undefined: it is no assertion about anybody. */
export const signedFactsOf = (parsed: unknown): SignedFacts | undefined => {
  const read = assertion.safeParse(parsed);
  if (!read.success) return undefined;
  const { $, Subject } = read.data.Assertion;
  const [confirmation, ...more] = Subject.flatMap(({ SubjectConfirmation }) => SubjectConfirmation);
  const said = confirmation?.SubjectConfirmationData?.[0]?.$;
  return more.length === 0 ? { id: $.ID, inResponseTo: said?.InResponseTo, recipient: said?.Recipient } : undefined;
};
