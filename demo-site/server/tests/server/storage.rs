//! What is in the database file, read as whoever steals it would.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{EMAIL, NEW_PASSWORD, PASSWORD, TestServer};

/// Every byte of the database and of the files beside it.
fn bytes(server: &TestServer) -> Vec<u8> {
    let files = std::fs::read_dir(server.folder.path()).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    assert!(text.len() >= 6, "too short to be found for sure");
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn no_secret_is_in_it() {
    // With real mail, because the inbox is there to show its codes.
    let mut sink = crate::smtp::Sink::open();
    let server = TestServer::with_policy(&sink.configuration()).await;
    let client = server.client();
    let mut secrets = vec![PASSWORD.to_owned(), NEW_PASSWORD.to_owned(), "Wrong-Horse-42".to_owned()];

    let mut page = client.begin().await;
    secrets.extend([page.interaction_handle.clone(), page.state_handle.clone()]);
    secrets.extend(page.state_handle.strip_prefix("02.").unwrap().split('~').take(1).map(str::to_owned));
    page.identify(EMAIL).await;
    page.answer("Wrong-Horse-42").await;
    page.select("autemail").await;
    secrets.push(sink.next_code().await);
    // Everything that has been is in the file while it is still needed.
    let found = |bytes: &[u8]| secrets.iter().find(|secret| contains(bytes, secret)).cloned();
    assert_eq!(found(&bytes(&server)), None);

    page.follow("recover").await;
    let code = sink.next_code().await;
    page.answer(&code).await;
    page.answer(NEW_PASSWORD).await;
    let interaction_code = page.interaction_code();
    let tokens = client.redeem(&interaction_code).await.json();
    server.close().await;

    let bytes = bytes(&server);
    assert!(contains(&bytes, EMAIL), "the file is not even read");
    secrets.extend([code, interaction_code]);
    for name in ["access_token", "id_token", "refresh_token"] {
        secrets.push(tokens[name].as_str().unwrap().to_owned());
    }
    assert_eq!(secrets.iter().find(|secret| contains(&bytes, secret)), None);
}

#[tokio::test]
async fn the_table_of_tries_does_not_name_who_tried() {
    let server = TestServer::start().await;
    let mut page = server.client().at("198.51.100.7").begin().await;
    page.identify("somebody-who-tries@example.com").await;
    page.answer("Wrong-Horse-42").await;
    // The transaction does name them, until it is over.
    page.follow("cancel").await;
    server.close().await;
    assert!(!contains(&bytes(&server), "198.51.100.7"));
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("server.sqlite");
    let config = crate::support::configuration(&path, "");
    crate::support::open_once(&config).await;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let server = TestServer::start().await;
    let client = server.client();
    let tokens = client.sign_in().await;
    let mut registration = client.begin().await;
    registration.register("robin@example.com").await;
    let mut sign_in = client.begin().await;
    sign_in.identify(EMAIL).await;
    let wrong = sign_in.answer("Wrong-Horse-42").await.status;
    assert_eq!(wrong, StatusCode::BAD_REQUEST);

    let server = server.restart().await;
    let client = server.client();
    registration.client = client.clone();
    let code = server.code("robin@example.com").await;
    registration.answer(&code).await;
    assert!(registration.answer(NEW_PASSWORD).await.is_signed_in());
    sign_in.client = client.clone();
    assert!(sign_in.answer(PASSWORD).await.is_signed_in());
    assert_eq!(client.redeem(&sign_in.interaction_code()).await.status, StatusCode::OK);
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(client.bearer("/oauth2/default/v1/userinfo", access_token).await.status, StatusCode::OK);
    let introspected = client.introspect(&json!({ "stateToken": sign_in.state_handle })).await;
    assert!(introspected.is_session_expired());
}

#[tokio::test]
async fn a_lock_outlives_a_restart() {
    let server = TestServer::with_policy("[policy.attempts]\nper_account = 1").await;
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    page.answer("Wrong-Horse-42").await;
    let server = server.restart().await;
    page.client = server.client();
    assert_eq!(page.answer(PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_password_that_was_changed_is_not_seeded_again() {
    let server = TestServer::start().await;
    let client = server.client();
    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    page.follow("recover").await;
    let code = server.code(EMAIL).await;
    page.answer(&code).await;
    page.answer(NEW_PASSWORD).await;
    let server = server.restart().await;
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    assert!(!page.answer(PASSWORD).await.is_signed_in());
}
