//! The threads that passwords are hashed on, which do nothing else.
//!
//! They have a name of their own, so that whoever looks at the process sees what hashing takes and what the rest does. The
//! library that runs them is tokio's, as everywhere: of this runtime only the threads for work that blocks are used.

use std::num::NonZero;
use std::thread::available_parallelism;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;

use super::PasswordError;

/// See the head of the file.
pub(super) struct Threads {
    /// There until this is dropped.
    runtime: Option<Runtime>,
    /// Whoever gives up waiting for one of them is not hashed for.
    free: Semaphore,
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
        Ok(Self { runtime: Some(runtime), free: Semaphore::new(processors) })
    }

    /// Does this on one of them, as soon as one is free.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _permit = self.free.acquire().await.map_err(|_| PasswordError::Thread)?;
        let runtime = self.runtime.as_ref().ok_or(PasswordError::Thread)?;
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
