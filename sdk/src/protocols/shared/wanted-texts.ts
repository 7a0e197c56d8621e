import { SluiceError, type EmbeddingRequest } from '../../types/index.ts';

/** One input of an embeddings call, as the text that the vendor takes. @throws SluiceError `unsupported_parameter` for anything else */
const wantedText = (input: EmbeddingRequest['input'][number], index: number, vendor: string): string => {
  if (typeof input === 'string') return input;
  const what = Array.isArray(input) ? 'a list of token ids' : 'an object';
  throw new SluiceError('unsupported_parameter', `'input[${index}]' is ${what}; ${vendor} takes texts.`, { param: 'input' });
};

/** The inputs of a call to a vendor that takes texts alone. @throws SluiceError `unsupported_parameter`, naming the input */
export const wantedTexts = ({ input }: EmbeddingRequest, vendor: string): string[] =>
  input.map((each, index) => wantedText(each, index, vendor));
