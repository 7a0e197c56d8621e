import { SluiceError } from 'sluice/kit';
import type { CustomValidate } from '../../config/custom-auth.ts';
import { calledHook } from './called-hook.ts';

const timeoutMs = 5000;

/** @throws SluiceError `authentication` where `custom_validate` does not let the claims of a good token through */
export const demandApproved = async (claims: Readonly<Record<string, unknown>>, validate: CustomValidate | undefined): Promise<void> => {
  if (!validate) return;
  const verdict: unknown = await calledHook('litellm_jwtauth.custom_validate', timeoutMs, () => validate(claims));
  if (verdict !== true) throw new SluiceError('authentication', 'The token is not accepted here.', { type: 'auth_error' });
};
