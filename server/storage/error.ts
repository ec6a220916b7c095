/** What cannot be stored or read; the message names what and the limit. */
export class StorageError extends Error {
  override name = 'StorageError';
}
