import { providers } from 'sluice/kit';
import { chatContract, type ContractOptions } from './chat-contract.ts';

/** Why a provider does not do what the others do. */
const gaps: Readonly<Record<string, ContractOptions>> = {
  ollama: { skip: { 'a tool that must be called': 'its API has no tool_choice', 'one certain tool': 'its API has no tool_choice' } },
};

for (const provider of providers.list) {
  // The mock is its own transport; its tests are beside it.
  if (!provider.transport) chatContract(provider, gaps[provider.id]);
}
