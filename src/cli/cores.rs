//! A batch worked on by all cores, in order.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The answers to a batch, in its order; on all cores where the batch is worth it.
pub(super) fn map<T: Sync, R: Send>(batch: &[T], one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if batch.len() < 4 || cores < 2 {
        return batch.iter().map(one).collect();
    }
    let part = batch.len().div_ceil(cores * 4).max(1);
    let next = AtomicUsize::new(0);
    let chunks: Vec<&[T]> = batch.chunks(part).collect();
    let done: Vec<Mutex<Vec<R>>> = chunks.iter().map(|_| Mutex::new(Vec::new())).collect();
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(chunk), Some(slot)) = (chunks.get(at), done.get(at)) else { break };
                    let answered = chunk.iter().map(&one).collect();
                    if let Ok(mut slot) = slot.lock() {
                        *slot = answered;
                    }
                }
            });
        }
    });
    done.into_iter().flat_map(|slot| slot.into_inner().unwrap_or_default()).collect()
}
