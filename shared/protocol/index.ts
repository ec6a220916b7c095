export type {
  GalleryCollection,
  GalleryForm,
  GalleryKin,
  GallerySymbiont,
  GalleryVersion,
  HttpApi,
  LeafProof,
} from './http.ts';
export { CLOSE, PROTOCOL } from './limits.ts';
export * from './messages.ts';
export { Person, ZoneState } from './state.ts';
export * from './studio.ts';
export * from './training.ts';
export * from './view.ts';
