import { Canceller } from '../../transport/canceller.ts';
import { SluiceError } from '../../types/index.ts';
import { about, type Prediction } from './prediction.ts';

/** How long a vendor may take to be told, in milliseconds. */
const patienceMs = 5000;

/** Tells the vendor that nobody wants a prediction any longer. Nobody waits for what it says to that. Never throws. */
export const cancelPrediction = (prediction: Prediction): void => {
  const giveUp = new Canceller();
  const timer = setTimeout(() => giveUp.abort(new SluiceError('timeout', 'The provider took too long.')), patienceMs);
  prediction
    .network({ ...about(prediction, 'POST', '/cancel'), signal: giveUp })
    .then((response) => response.cancel())
    .catch(() => {})
    .finally(() => clearTimeout(timer));
};
