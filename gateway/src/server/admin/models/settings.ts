import { listProviderFields } from '../../public/providers.ts';
import { adminRoute } from '../admin-route.ts';

interface ProviderFields {
  readonly provider: string;
  readonly credential_fields: readonly {
    readonly key: string;
    readonly label: string;
    readonly field_type: string;
    readonly default_value: unknown;
  }[];
}

export const modelSettings = adminRoute({
  method: 'GET',
  paths: ['/model/settings'],
  action: 'settings.see',
  summary: 'Says what a form asks for to add a model of each provider.',
  handle: async ({ services }) =>
    (listProviderFields(services.live()) as unknown as readonly ProviderFields[]).map(({ provider, credential_fields: fields }) => ({
      name: provider,
      parameters: fields.map(({ key, label, field_type, default_value }) => ({
        field_name: key,
        field_type,
        field_description: label,
        field_value: null,
        stored_in_db: null,
        field_default_value: default_value,
        premium_field: false,
        nested_fields: null,
      })),
    })),
});
