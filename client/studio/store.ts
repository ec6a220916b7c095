/** The studio's own database in this browser: the draft, its pictures, checkpoints of training, models. */

const DATABASE = 'symbiont-studio';
const STORES = ['draft', 'pictures', 'checkpoints', 'models'] as const;
type StoreName = (typeof STORES)[number];

let opened: Promise<IDBDatabase> | null = null;

/** Opened once: a page that is left still writes what it has begun to write, and nothing that it has not. */
function open(): Promise<IDBDatabase> {
  opened ??= connect().then(
    (database) => {
      // A newer studio, or a browser that clears up, has it; the next question opens it anew.
      const forget = () => {
        opened = null;
      };
      database.onclose = forget;
      database.onversionchange = () => {
        database.close();
        forget();
      };
      return database;
    },
    (error: unknown) => {
      opened = null;
      throw error;
    },
  );
  return opened;
}

function connect(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      for (const name of STORES) opening.result.createObjectStore(name);
    };
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error('another tab holds an older studio open'));
    opening.onsuccess = () => resolve(opening.result);
  });
}

/** One transaction; it is on the disk when the promise resolves. @throws DOMException, as when the disk is full */
async function within<T>(
  name: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  return new Promise<T>((resolve, reject) => {
    const transaction = database.transaction(name, mode, { durability: 'strict' });
    const request = work(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? request.error);
  });
}

export const get = <T>(name: StoreName, key: string): Promise<T | undefined> =>
  within<T | undefined>(name, 'readonly', (store) => store.get(key));
export const all = <T>(name: StoreName): Promise<T[]> =>
  within<T[]>(name, 'readonly', (store) => store.getAll());
export const put = (name: StoreName, key: string, value: unknown): Promise<unknown> =>
  within(name, 'readwrite', (store) => store.put(value, key));
export const remove = (name: StoreName, key: string): Promise<unknown> =>
  within(name, 'readwrite', (store) => store.delete(key));
export const clear = (name: StoreName): Promise<unknown> =>
  within(name, 'readwrite', (store) => store.clear());
/** Puts many values in one transaction: all or none. */
export const putAll = (name: StoreName, values: readonly (readonly [string, unknown])[]): Promise<unknown> =>
  within(name, 'readwrite', (store) => {
    let last: IDBRequest = store.count();
    for (const [key, value] of values) last = store.put(value, key);
    return last;
  });
