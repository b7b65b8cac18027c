//! What the application logs, for each test by itself: a test and its application have a thread of their own.
//!
//! There is one subscriber for all of them, and it is there before the first application. With one for each test, `tracing` could
//! have remembered of a line that nobody listens to it, while a test began to.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

thread_local! {
    static WRITTEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        WRITTEN.with_borrow_mut(|written| written.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// From now on, and of nothing before.
pub(crate) fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| tracing_subscriber::fmt().with_ansi(false).with_writer(|| Log).init());
    WRITTEN.take();
}

pub(crate) fn text() -> String {
    WRITTEN.with_borrow(|written| String::from_utf8(written.clone()).unwrap())
}

pub(crate) fn assert_says(words: &[&str]) {
    let text = text();
    assert!(words.iter().all(|word| text.contains(word)), "{words:?}: {text}");
}
