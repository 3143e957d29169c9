// Work that tells of its progress, as a cold Observable that stops it when nobody listens any more.
import { Observable } from 'rxjs';

/**
 * @param work begun by each subscription; it is to end in good order when its signal is aborted
 * @param stop aborts the signal of all of them, as unsubscribing does that of one. Who unsubscribes is told of nothing
 * more, of an error neither
 */
export function stoppable<T>(
  work: (end: AbortSignal, emit: (event: T) => void) => Promise<void>,
  stop?: AbortSignal,
): Observable<T> {
  return new Observable<T>((subscriber) => {
    const left = new AbortController();
    const end = stop ? AbortSignal.any([stop, left.signal]) : left.signal;
    work(end, (event) => subscriber.next(event)).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => left.abort();
  });
}
