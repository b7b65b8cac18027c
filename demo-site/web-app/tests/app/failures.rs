//! An identity server that does not do what it should: what the person is shown, and what the operator is told.

use serde_json::json;
use tokio::net::TcpSocket;

use crate::browser::Browser;
use crate::identity_server::{UNREADABLE, WITHOUT_ID_TOKEN};
use crate::log;

#[tokio::test]
async fn one_that_is_not_there_is_logged_with_the_reason() {
    // A port that is taken, and on which nobody listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let issuer = format!("http://{}", socket.local_addr().unwrap());
    let mut browser = Browser::of(&issuer, "http://localhost:4403");
    browser.get("/sign-in").await.assert_problem(502, "network.unreachable");
    log::assert_says(&["network.unreachable", &issuer, "refused"]);
}

#[tokio::test]
async fn one_of_another_name_is_logged_with_both_names() {
    let mut browser = Browser::start_at(|discovery| discovery["issuer"] = json!("https://id.example")).await;
    browser.get("/sign-in").await.assert_problem(502, "server.unreadable");
    log::assert_says(&["server.unreadable", "https://id.example", "http://127.0.0.1"]);
}

#[tokio::test]
async fn one_that_does_not_take_the_code_is_logged_with_what_it_says() {
    let mut browser = Browser::start().await;
    let departure = browser.get("/sign-in").await.departure();
    browser.get(&departure.back_with("code=made-up")).await.assert_problem(502, "server.token_refused");
    log::assert_says(&["server.token_refused", "invalid_grant", "the code is not known"]);
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_logged_without_what_is_in_it() {
    let mut browser = Browser::start().await;
    let departure = browser.get("/sign-in").await.departure();
    let back = departure.back_with(&format!("code={UNREADABLE}"));
    browser.get(&back).await.assert_problem(502, "server.unreadable");
    log::assert_says(&["server.unreadable", "expires_in"]);
    for secret in ["the-access-token", "the-secret"] {
        assert!(!log::text().contains(secret), "{}", log::text());
    }
}

#[tokio::test]
async fn a_missing_id_token_is_called_missing() {
    let mut browser = Browser::start().await;
    let departure = browser.get("/sign-in").await.departure();
    let back = departure.back_with(&format!("code={WITHOUT_ID_TOKEN}"));
    browser.get(&back).await.assert_problem(502, "id_token.missing");
}
