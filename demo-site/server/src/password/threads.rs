//! The threads that passwords are hashed on, which do nothing else.
//!
//! They have a name of their own, so that whoever looks at the process sees what hashing takes and what the rest does. The
//! library that runs them is tokio's, as everywhere: of this runtime only the threads for work that blocks are used.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;

use super::PasswordError;

/// See the head of the file.
pub(super) struct Threads {
    /// There until this is dropped.
    runtime: Option<Runtime>,
    /// One for each that is free, so that nothing waits inside of the runtime: who gives up before it is their turn is not hashed
    /// for.
    free: Arc<Semaphore>,
}

impl Threads {
    /// As many as there are processors.
    pub(super) fn new() -> Result<Self, PasswordError> {
        let processors = available_parallelism().map_or(1, NonZero::get);
        let runtime = Builder::new_current_thread()
            .thread_name("hashing")
            .max_blocking_threads(processors)
            .build()
            .map_err(PasswordError::Threads)?;
        Ok(Self { runtime: Some(runtime), free: Arc::new(Semaphore::new(processors)) })
    }

    /// Does this on one of them, as soon as one is free.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = Arc::clone(&self.free).acquire_owned().await.map_err(|_| PasswordError::Thread)?;
        let runtime = self.runtime.as_ref().ok_or(PasswordError::Thread)?;
        let work = move || {
            // With the work and not with who waits for it: who goes away leaves a thread behind that is not free yet.
            let _permit = permit;
            work()
        };
        runtime.spawn_blocking(work).await.map_err(|_| PasswordError::Thread)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // A runtime that is just dropped waits for its threads, which nothing that runs in another one may do.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn who_gives_up_before_it_is_their_turn_is_not_hashed_for() {
        let threads = Arc::new(Threads::new().unwrap());
        let (done, all) = mpsc::channel();
        let ask = || {
            let (threads, done, (go, wait)) = (Arc::clone(&threads), done.clone(), mpsc::channel::<()>());
            let asked = tokio::spawn(async move {
                threads.run(move || done.send(wait.recv().is_ok()).unwrap()).await.unwrap();
            });
            (asked, go)
        };
        let processors = threads.free.available_permits();
        // All threads are busy for people who have gone away meanwhile.
        let mut busy = Vec::new();
        for _ in 0..processors {
            let (asked, go) = ask();
            while threads.free.available_permits() > processors - busy.len() - 1 {
                yield_now().await;
            }
            asked.abort();
            assert!(asked.await.unwrap_err().is_cancelled());
            busy.push(go);
        }
        assert_eq!(threads.free.available_permits(), 0);
        let (asked, _go) = ask();
        yield_now().await;
        asked.abort();
        assert!(asked.await.unwrap_err().is_cancelled());
        for go in busy {
            go.send(()).unwrap();
        }
        for _ in 0..processors {
            assert!(all.recv().unwrap());
        }
        // The turn of who came last is over too: all threads are free, and theirs has not run.
        let every = u32::try_from(processors).unwrap();
        let _all = threads.free.acquire_many(every).await.unwrap();
        assert!(all.try_recv().is_err());
    }
}
