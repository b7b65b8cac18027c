//! What the server does with a password, and nothing else: the part of a sign-in that is dear on purpose.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::Instant;

use crate::Outcome;
use crate::person::PASSWORD;
use crate::process::time_on_cpu;

/// A hash to compare with, and the parameters that `src/password.rs` fixes.
pub(crate) struct Hashing {
    argon2: Argon2<'static>,
    hash: String,
}

impl Hashing {
    pub(crate) fn new() -> Outcome<Self> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None)?);
        let hash = argon2.hash_password_with_salt(PASSWORD.as_bytes(), b"salt of the bench")?.to_string();
        Ok(Self { argon2, hash })
    }

    /// The CPU time of one comparison, on a thread that does nothing else meanwhile.
    pub(crate) async fn once(&self) -> Outcome<Duration> {
        let (argon2, hash) = (self.argon2.clone(), self.hash.clone());
        spawn_blocking(move || {
            let before = time_of_this_thread()?;
            compare(&argon2, &hash)?;
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
            let (argon2, hash) = (self.argon2.clone(), self.hash.clone());
            busy.spawn_blocking(move || {
                let _permit = permit;
                compare(&argon2, &hash)
            });
        }
        while let Some(done) = busy.join_next().await {
            done??;
        }
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let rate = times as f64 / started.elapsed().as_secs_f64();
        Ok(rate)
    }
}

fn compare(argon2: &Argon2<'_>, hash: &str) -> Outcome<()> {
    let hash = PasswordHash::new(hash).map_err(argon2::password_hash::Error::from)?;
    Ok(argon2.verify_password(PASSWORD.as_bytes(), &hash)?)
}

fn time_of_this_thread() -> Outcome<Duration> {
    time_on_cpu(&fs::read_to_string("/proc/thread-self/schedstat")?)
}
