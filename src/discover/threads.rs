//! Work that is shared out to threads, item by item.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Does some work for each of `items` (0-based), on as many threads: each collects by itself, and what they have is joined in no
/// order.
pub(super) fn shared_out<T: Default + Send>(
    threads: usize,
    items: usize,
    work: impl Fn(usize, &mut T) + Sync,
    join: impl Fn(&mut T, T) + Sync,
) -> T {
    let all = Mutex::new(T::default());
    let next = AtomicUsize::new(0);
    let collect = || {
        let mut found = T::default();
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && at < items
        {
            work(at, &mut found);
        }
        join(&mut all.lock().unwrap_or_else(PoisonError::into_inner), found);
    };
    std::thread::scope(|scope| {
        let started = (1..threads.min(items)).map(|_| scope.spawn(collect)).collect::<Vec<_>>();
        collect();
        drop(started);
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}
