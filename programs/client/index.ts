export {
  type BreedingState,
  type Config,
  decodeBreeding,
  decodeConfig,
  decodeSymbiont,
  type SymbiontState,
} from './accounts.ts';
export { type AssetState, decodeAsset } from './asset.ts';
export {
  acceptBreedingIx,
  type BroodTerms,
  drawIx,
  hatchIx,
  lapseIx,
  offerBreedingIx,
  type Pair,
  revealIx,
  withdrawOfferIx,
} from './breeding.ts';
export { MPL_CORE_ID } from './core.ts';
export { CONSTANTS, EVOLUTION_ERRORS, EVOLUTION_ID, EVOLUTION_IDL } from './idl.ts';
export {
  acceptAuthorityIx,
  createCollectionIx,
  evolveIx,
  mintIx,
  type PublishedDeed,
  proposeAuthorityIx,
  type RoyaltyShare,
  setConsentIx,
  setDailyCapIx,
  setMetadataIx,
  setMinterIx,
  setModelIx,
  setPausedIx,
  setPriceIx,
  setRoyaltiesIx,
  setRuleIx,
  setSupplyIx,
  setZoneIx,
} from './instructions.ts';
export { assetAddress, breedingAddress, collectionAddress, configAddress, symbiontAddress } from './pdas.ts';
