//! Whole dialogues with the core as a pure function: what the server said, what the person did, what came next.

#[cfg(test)]
mod all {
    mod customized;
    mod devices;
    mod dialogue;
    mod elsewhere;
    mod hostile;
    mod passkeys;
    mod sign_in;
    mod steps;
    mod time;
    mod trouble;
}
