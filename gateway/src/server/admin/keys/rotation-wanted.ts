import { SluiceError } from 'sluice/kit';
import type { KeyRecord } from '../../../access/records/records.ts';
import type { AdminServices } from '../services.ts';

/**
 * A key is rotated only where its new value reaches those who use it: in a secret manager, under the key's alias.
 * @throws SluiceError `invalid_request`
 */
export const demandRotation = (
  { auto_rotate, key_alias }: Pick<KeyRecord, 'auto_rotate' | 'key_alias'>,
  { writeKey }: Pick<AdminServices, 'writeKey'>,
): void => {
  if (!auto_rotate) return;
  if (!writeKey)
    throw new SluiceError(
      'invalid_request',
      '`auto_rotate` needs a secret manager that new keys are written to (key_management_settings.store_virtual_keys): else nobody would learn the new key. Use POST /key/regenerate.',
      { param: 'auto_rotate' },
    );
  if (key_alias == null)
    throw new SluiceError('invalid_request', '`auto_rotate` needs a `key_alias`: the name of the secret that the new key is written to.', {
      param: 'key_alias',
    });
};
