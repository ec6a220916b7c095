/** Brains: the integer network, the decision rule, the batch kernel and the brain file. */
export { decide, decisionHash, gumbelIndex, mix32 } from './decide.ts';
export {
  type Brain,
  BrainFileError,
  type BrainManifest,
  type BrainSource,
  brainId,
  decodeBrain,
  encodeBrain,
  type Json,
  MAX_BRAIN_BYTES,
} from './file.ts';
export { GUMBEL } from './gumbel.ts';
export {
  type BrainHandle,
  createKernel,
  createKernelSync,
  type DecisionBatch,
  type Kernel,
} from './kernel.ts';
export {
  checkNetwork,
  createNetwork,
  forward,
  type Layer,
  MAX_ACTIVATION,
  MAX_BIAS,
  MAX_LAYERS,
  MAX_OUTPUTS,
  MAX_SHIFT,
  MAX_WIDTH,
  type Network,
  NetworkError,
  networkInputs,
  networkOutputs,
} from './network.ts';
