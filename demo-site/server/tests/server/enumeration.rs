//! Nobody can find out from the answers who has an account.
//!
//! Each test does the same for Pat, who has one, and for Nobody, who does not, and compares every answer after
//! replacing what must differ: the handles, and the name that was typed.

use axum::http::StatusCode;

use crate::support::{Answer, Conversation, TestServer};

/// What one person did and got.
struct Story {
    page: Conversation,
    email: String,
    answers: Vec<(StatusCode, Vec<String>, String)>,
}

impl Story {
    async fn begin(server: &TestServer, name: &str) -> Self {
        let page = server.client().begin().await;
        Self { page, email: format!("{name}@example.com"), answers: Vec::new() }
    }

    fn note(&mut self) {
        let Answer { status, headers, .. } = &self.page.answer;
        let mut names: Vec<_> = headers.keys().map(ToString::to_string).collect();
        names.sort();
        let reference = self.page.answer.json()["user"]["value"]["id"].as_str().map(str::to_owned);
        let mut text = self.page.answer.text().replace(&self.page.state_handle, "HANDLE");
        if let Some(reference) = reference {
            text = text.replace(reference.strip_prefix("00u").unwrap(), "REFERENCE");
        }
        text = text.replace(&self.email, "EMAIL").replace("p***t@example.com", "MASKED");
        text = text.replace("n***y@example.com", "MASKED");
        self.answers.push((*status, names, text));
    }

    async fn identify(&mut self) {
        let email = self.email.clone();
        self.page.identify(&email).await;
        self.note();
    }

    async fn identify_with_password(&mut self, password: &str) {
        let email = self.email.clone();
        self.page.identify_with_password(&email, password).await;
        self.note();
    }

    async fn register(&mut self) {
        let email = self.email.clone();
        self.page.register(&email).await;
        self.note();
    }

    async fn answer(&mut self, passcode: &str) {
        self.page.answer(passcode).await;
        self.note();
    }

    async fn select(&mut self, authenticator: &str) {
        self.page.select(authenticator).await;
        self.note();
    }

    async fn follow(&mut self, endpoint: &str) {
        self.page.follow(endpoint).await;
        self.note();
    }
}

/// Tells the same story of both and compares them.
async fn compare(policy: &str, story: impl AsyncFn(&mut Story)) {
    let server = TestServer::with_policy(policy).await;
    let mut pat = Story::begin(&server, "pat").await;
    story(&mut pat).await;
    let mut nobody = Story::begin(&server, "nobody").await;
    story(&mut nobody).await;
    assert!(!pat.answers.is_empty());
    assert_eq!(pat.answers, nobody.answers);
}

#[tokio::test]
async fn a_wrong_password_looks_the_same_until_the_account_is_locked_and_after() {
    compare("[policy.attempts]\nper_account = 3", async |person| {
        person.identify().await;
        for _ in 0..5 {
            person.answer("Wrong-Horse-42").await;
        }
    })
    .await;
}

#[tokio::test]
async fn so_it_does_on_one_page() {
    compare("[policy]\nidentifier_first = false\n[policy.attempts]\nper_account = 2", async |person| {
        for _ in 0..4 {
            person.identify_with_password("Wrong-Horse-42").await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_by_mail_looks_the_same_with_resending_and_guessing() {
    let policy = "[policy.attempts]\nper_code = 2\nmails_per_account = 3\nper_account = 5";
    compare(policy, async |person| {
        person.identify().await;
        person.select("autemail").await;
        for _ in 0..3 {
            person.answer("abcdef").await;
        }
        for _ in 0..3 {
            person.follow("challenge/resend").await;
        }
        for _ in 0..4 {
            person.answer("abcdef").await;
        }
    })
    .await;
}

#[tokio::test]
async fn recovery_looks_the_same_from_either_page() {
    compare("", async |person| {
        person.identify().await;
        person.follow("recover").await;
        person.answer("abcdef").await;
        person.follow("challenge/resend").await;
    })
    .await;
    compare("[policy]\nidentifier_first = false", async |person| {
        person.follow("recover").await;
        person.identify().await;
        person.answer("abcdef").await;
    })
    .await;
}

#[tokio::test]
async fn registration_looks_the_same() {
    compare("[policy.attempts]\nper_code = 2\nmails_per_account = 2", async |person| {
        person.register().await;
        for _ in 0..3 {
            person.answer("abcdef").await;
        }
        for _ in 0..3 {
            person.follow("challenge/resend").await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_stands_for_somebody_is_the_same_each_time() {
    let server = TestServer::start().await;
    let mut references = Vec::new();
    for _ in 0..2 {
        let mut page = server.client().begin().await;
        page.identify("nobody@example.com").await;
        references.push(page.answer.json()["user"]["value"]["id"].clone());
    }
    assert_eq!(references[0], references[1]);
}
