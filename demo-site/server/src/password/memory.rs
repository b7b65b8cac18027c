//! The memory that passwords are hashed in, kept for the next one.
//!
//! To ask the system for 19 MiB and to give them back takes milliseconds each time, and an allocator that keeps them
//! instead keeps them for each thread. There are never more of them here than are hashed at a time.

use std::sync::{Mutex, PoisonError};

use argon2::Block;

/// See the head of the file.
pub(super) struct Memory {
    blocks: usize,
    idle: Mutex<Vec<Vec<Block>>>,
}

impl Memory {
    /// For hashes that need so many blocks each.
    pub(super) const fn of(blocks: usize) -> Self {
        Self { blocks, idle: Mutex::new(Vec::new()) }
    }

    /// Lends memory for one hash. What an earlier hash has left in it is overwritten before it is read: Argon2
    /// fills every block first.
    pub(super) fn lend<T>(&self, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut memory = idle.unwrap_or_else(|| vec![Block::new(); self.blocks]);
        let result = work(&mut memory);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        result
    }
}
