//! What the server does with a password, and nothing else: the part of a sign-in that is dear on purpose.

/// That of the server itself: to ask the system for memory may take as long as the hash, which would then be in one of the two
/// figures that are compared and not in the other.
#[path = "../../src/password/memory.rs"]
mod memory;

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use memory::Memory;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::Instant;

use crate::Outcome;
use crate::person::PASSWORD;
use crate::process::time_on_cpu;

/// A hash to compare with, and the parameters that `src/password.rs` fixes.
#[derive(Clone)]
pub(crate) struct Hashing {
    argon2: Argon2<'static>,
    hash: [u8; Params::DEFAULT_OUTPUT_LEN],
    memory: Arc<Memory>,
}

impl Hashing {
    pub(crate) fn new() -> Outcome<Self> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None)?);
        let memory = Arc::new(Memory::of(argon2.params().block_count()));
        let mut hashing = Self { argon2, hash: [0; _], memory };
        hashing.hash = hashing.hash()?;
        Ok(hashing)
    }

    /// The CPU time of one comparison, on a thread that does nothing else meanwhile.
    pub(crate) async fn once(&self) -> Outcome<Duration> {
        let hashing = self.clone();
        spawn_blocking(move || {
            let before = time_of_this_thread()?;
            hashing.compare()?;
            Ok(time_of_this_thread()?.saturating_sub(before))
        })
        .await?
    }

    /// How many a second, as many at a time as there are processors, which is what the server allows itself.
    pub(crate) async fn per_second(&self, at_once: usize, times: usize) -> Outcome<f64> {
        let processors = std::thread::available_parallelism()?.get().min(at_once);
        let (permits, started) = (Arc::new(Semaphore::new(processors)), Instant::now());
        let mut busy: JoinSet<Outcome<()>> = JoinSet::new();
        for _ in 0..times {
            let permit = Arc::clone(&permits).acquire_owned().await?;
            let hashing = self.clone();
            busy.spawn_blocking(move || {
                let _permit = permit;
                hashing.compare()
            });
        }
        while let Some(done) = busy.join_next().await {
            done??;
        }
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let rate = times as f64 / started.elapsed().as_secs_f64();
        Ok(rate)
    }

    fn compare(&self) -> Outcome<()> {
        if self.hash()? == self.hash { Ok(()) } else { Err("the hash is another".into()) }
    }

    fn hash(&self) -> Outcome<[u8; Params::DEFAULT_OUTPUT_LEN]> {
        let (password, salt) = (PASSWORD.as_bytes(), b"salt of the bench");
        let mut hash = [0; _];
        self.memory
            .lend(|memory| self.argon2.hash_password_into_with_memory(password, salt, &mut hash, memory))?;
        Ok(hash)
    }
}

fn time_of_this_thread() -> Outcome<Duration> {
    time_on_cpu(&fs::read_to_string("/proc/thread-self/schedstat")?)
}
