//! Whole dialogues with the core as a pure function: what the server said, what the person did, what came next.

#[cfg(test)]
mod all {
    mod dialogue;
    mod hostile;
    mod sign_in;
    mod trouble;
}
