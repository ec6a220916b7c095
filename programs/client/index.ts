export { type Config, decodeConfig, decodeSymbiont, type SymbiontState } from './accounts.ts';
export { type AssetState, decodeAsset } from './asset.ts';
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
  setPausedIx,
  setRoyaltiesIx,
  setRuleIx,
  setZoneIx,
} from './instructions.ts';
export { assetAddress, collectionAddress, configAddress, symbiontAddress } from './pdas.ts';
